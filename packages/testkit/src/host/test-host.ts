/**
 * A host that belongs to a test: a network namespace of its own, in which a Paddock can run and
 * stand-ins can listen on addresses that a real machine has only outside, such as those of private
 * networks and of a cloud's metadata. All of them are on its loopback device: nothing leads out.
 * Needs root. The namespace ends with its last process, and that with the process that made it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface TestHost {
  /** A process that does nothing but hold the namespace. */
  readonly pid: number;
  /** Words in front of a command that is to run there. */
  readonly launcher: readonly string[];
  stop(): Promise<void>;
}

export async function startTestHost(addresses: readonly string[]): Promise<TestHost> {
  const script = [
    "ip link set lo up",
    ...addresses.map((address) => `ip address add ${address} dev lo`),
    "echo ready",
    // Ends when the other end of its input is closed, however that happened.
    "exec cat",
  ].join(" && ");
  const holder = spawn("unshare", ["--net", "--", "/bin/sh", "-c", script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
  });
  const ended = once(holder, "exit");
  const first = await Promise.race([once(holder.stdout, "data"), ended]);
  if (holder.pid === undefined || String(first[0]).trim() !== "ready") {
    throw new Error("a test host needs root, and the programs unshare and ip");
  }
  return {
    pid: holder.pid,
    launcher: ["nsenter", `--net=/proc/${holder.pid}/ns/net`, "--"],
    async stop() {
      holder.stdin.end();
      await ended;
    },
  };
}
