/**
 * A way out without any power over the machine: pasta (package passt) makes a network namespace, and
 * what leaves it becomes connections of an ordinary process. One for each worker, not one for each
 * sandbox: the namespace is the worker's router.
 *
 * pasta runs `cat` in there and ends with it; `cat` ends when the worker does, however that ends,
 * for then its input is closed.
 */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "../../errors.ts";
import { spawnClosed } from "../../kernel/spawn-closed.ts";
import { sandboxLimits } from "../../limits.ts";
import type { UplinkPlan } from "../address-plan.ts";
import { UPLINK } from "../rules/router-rules.ts";

/** As large as packets can be: what leaves is cut by the machine's own network. */
export const PASTA_MTU = 65_520;

export interface PastaOptions {
  readonly program: string;
  readonly uplink: UplinkPlan;
  /** Host user and group; undefined: the worker's own. */
  readonly identity: number | undefined;
}

export interface Pasta {
  /** Opens the namespace, as long as pasta lives. */
  readonly namespacePath: string;
  close(): Promise<void>;
}

/** Rejects with what pasta said when it cannot. */
export async function startPasta(options: PastaOptions): Promise<Pasta> {
  const { identity, program, uplink } = options;
  const child = spawnClosed(program, pastaArguments(uplink), {
    env: {},
    cwd: "/",
    stdio: ["pipe", "ignore", "pipe"],
    ...(identity === undefined ? {} : { uid: identity, gid: identity }),
  });
  const said = collectText(child);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const pid = await Promise.race([ready(child), ended]);
  if (pid === undefined) {
    child.kill("SIGKILL");
    throw new SandboxError(`pasta did not start: ${lastLine(said())}`);
  }
  let isClosing = false;
  // Without it no function reaches the outside any more: the worker ends, and is started again.
  void ended.then(() => {
    if (!isClosing) throw new SandboxError(`pasta ended: ${lastLine(said())}`);
  });
  return {
    namespacePath: `/proc/${String(pid)}/ns/net`,
    close: async () => {
      isClosing = true;
      child.kill("SIGKILL");
      child.stdin?.end();
      await ended;
    },
  };
}

function pastaArguments({ machine, router }: UplinkPlan): string[] {
  return [
    ...["--foreground", "--quiet", "--ipv4-only", "--config-net"],
    ...["--ns-ifname", UPLINK, "--mtu", String(PASTA_MTU)],
    ...["--address", router, "--netmask", "255.255.255.252", "--gateway", machine],
    // Nothing of the machine's loopback, and no port of either side on the other.
    "--no-map-gw",
    ...["--tcp-ports", "none", "--udp-ports", "none", "--tcp-ns", "none", "--udp-ns", "none"],
    ...["--no-dhcp", "--no-dhcpv6", "--no-ndp", "--no-ra", "--dns", "none"],
    ...["--", "cat"],
  ];
}

/** The id of the process inside, once there is a way out; undefined when it takes too long. */
async function ready(child: ChildProcess): Promise<number | undefined> {
  const deadlineMs = performance.now() + sandboxLimits.pastaStartMs;
  while (child.exitCode === null && performance.now() < deadlineMs) {
    const inside = childrenOf(child.pid ?? 0).find((pid) => hasWayOut(pid));
    if (inside !== undefined) return inside;
    await sleep(sandboxLimits.pastaCheckMs);
  }
  return undefined;
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const status = readOrEmpty(`/proc/${String(pid)}/status`);
    return new RegExp(`^PPid:\t${String(parent)}$`, "m").test(status);
  });
}

/** In a network of its own, with a default route through the device. */
function hasWayOut(pid: number): boolean {
  const routes = readOrEmpty(`/proc/${String(pid)}/net/route`);
  return !isInOwnNetwork(pid) && new RegExp(`^${UPLINK}\t00000000\t`, "m").test(routes);
}

function isInOwnNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/net`) === readlinkSync("/proc/self/ns/net");
  } catch {
    return true;
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function collectText(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-sandboxLimits.errorTextBytes);
  });
  return () => text;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "it said nothing";
}
