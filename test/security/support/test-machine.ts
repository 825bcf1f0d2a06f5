/**
 * A machine of the test's own: a network namespace whose only device leads to a second one, the
 * "outside", where everything is that functions try to reach. None of these addresses is reached from
 * anywhere else, and nothing in there reaches the real network.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const addresses = {
  outside: "203.0.113.10",
  privateHost: "10.1.2.3",
  metadata: "169.254.169.254",
  nameServer: "10.0.0.53",
  own: "198.51.100.2",
} as const;

export interface TestMachine {
  /** Runs a program of the machine to its end; rejects where it fails. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const runProgram = promisify(execFile);
const bounds = { timeout: 100_000, maxBuffer: 10 * 1024 * 1024 };
const outsideProgram = fileURLToPath(new URL("../fixtures/outside.mjs", import.meta.url));

/** Root is needed. */
export async function startTestMachine(): Promise<TestMachine> {
  const [machine, outside] = [emptyNetwork(), emptyNetwork()];
  const inside = (holder: ChildProcess) => [`--net=/proc/${holder.pid}/ns/net`, "--"];
  const inMachine = async (program: string, ...args: readonly string[]): Promise<string> =>
    (await runProgram("nsenter", [...inside(machine), program, ...args], bounds)).stdout;
  const inOutside = (...args: string[]) => runProgram("nsenter", [...inside(outside), ...args]);
  await Promise.all([machine, outside].map(hasOwnNetwork));

  // A new namespace takes over what the real machine has, where something may have switched it on.
  await inMachine("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward");
  await inMachine("ip", "link", "set", "lo", "up");
  await inMachine(
    "ip",
    "link",
    "add",
    "lan0",
    "type",
    "veth",
    "peer",
    "out0",
    "netns",
    `${outside.pid}`,
  );
  await inMachine("ip", "address", "add", `${addresses.own}/24`, "dev", "lan0");
  await inMachine("ip", "link", "set", "lan0", "up");
  await inOutside("ip", "link", "set", "lo", "up");
  await inOutside("ip", "address", "add", "198.51.100.1/24", "dev", "out0");
  await inOutside("ip", "link", "set", "out0", "up");
  for (const address of Object.values(addresses)) {
    if (address !== addresses.own)
      await inOutside("ip", "address", "add", `${address}/32`, "dev", "lo");
  }
  await inMachine("ip", "route", "add", "default", "via", "198.51.100.1");
  const known = [addresses.nameServer, addresses.outside];
  const server = spawn(
    "nsenter",
    [...inside(outside), process.execPath, outsideProgram, ...known],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await once(server.stdout, "data");
  return {
    run: inMachine,
    stop: async () => {
      for (const child of [server, machine, outside]) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    },
  };
}

/** It lives as long as the process. */
function emptyNetwork(): ChildProcess {
  return spawn("unshare", ["--net", "sh", "-c", "echo; exec sleep infinity"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function hasOwnNetwork({ stdout }: ChildProcess): Promise<void> {
  if (stdout !== null) await once(stdout, "data");
}
