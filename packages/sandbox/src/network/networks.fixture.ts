/**
 * The networks of a worker alone: `node networks.fixture.ts <target as JSON>` leads one out with pasta,
 * has a shell in it try to reach the target, and prints what it said.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { attempts } from "./attempts.fixture.ts";
import { openNetworks } from "./open.ts";
import { egressDefaults } from "./worker-process.fixture.ts";

const networks = await openNetworks({
  network: egressDefaults,
  isRoot: false,
  lockDirectory: "/nowhere",
  takeIdentity: () => undefined,
});
const network = await networks.take();
const run = promisify(execFile);
const ran = await network.spawnInside((prefix) => {
  const target = JSON.parse(process.argv[2] ?? "{}");
  const [program = "", ...rest] = [...prefix, ...attempts("shell", [target])];
  return run(program, rest);
});
process.stdout.write(`${networks.feature}: ${ran.stdout}`);
network.release();
await networks.close();
