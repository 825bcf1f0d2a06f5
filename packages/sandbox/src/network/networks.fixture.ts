/**
 * The networks of a worker alone: `node networks.fixture.ts <target as JSON> [<identity>]` leads one
 * out, has a shell in it try to reach the target, and prints what it said. With an identity it is the
 * machine's root, and programs of ours run as that user.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { attempts } from "./attempts.fixture.ts";
import { openNetworks } from "./open.ts";
import { egressDefaults } from "./worker-process.fixture.ts";

const [target = "{}", user] = process.argv.slice(2);
const identity = user === undefined ? undefined : Number(user);

const networks = await openNetworks({
  network: egressDefaults,
  isRoot: identity !== undefined,
  lockDirectory: "/nowhere",
  takeIdentity: () => identity,
});
const network = await networks.take();
const run = promisify(execFile);
const ran = await network.spawnInside((prefix) => {
  const [program = "", ...rest] = [...prefix, ...attempts("shell", [JSON.parse(target)])];
  return run(program, rest);
});
process.stdout.write(`${networks.feature}: ${ran.stdout}`);
network.release();
await networks.close();
