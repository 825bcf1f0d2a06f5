/** What a stack holds on the machine while it runs, so that its absence can be seen afterwards. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { descendantsOf, mountsMentioning, parentByPid } from "@paddock/testkit";
import type { FaultyStack } from "./stack.fixture.ts";

const namespaceKinds = ["net", "mnt"] as const;

/** Takes in the processes whose parents are gone. */
const INIT = 1;

export interface HostTraces {
  readonly supervisor: number;
  /** Everything below the supervisor, sandboxed processes included. */
  readonly pids: readonly number[];
  /** Those that no process outside of the stack is in, such as `net:[4026532001]`. */
  readonly namespaces: readonly string[];
  /** Part of the name of the worker's directories and control groups. */
  readonly workerLabel: string;
}

export async function tracesOf(stack: FaultyStack): Promise<HostTraces> {
  const { pid: supervisor } = stack.paddock;
  if (supervisor === undefined) throw new Error("Paddock does not run");
  const pids = [supervisor, ...(await descendantsOf(supervisor))];
  const own = new Set(await namespacesOf([process.pid]));
  const namespaces = (await namespacesOf(pids)).filter((name) => !own.has(name));
  const { pid, startTicks } = await stack.processOf("worker");
  return { supervisor, pids, namespaces, workerLabel: `.${pid}.${startTicks}` };
}

export interface Remains {
  readonly processes: readonly string[];
  readonly namespaces: readonly string[];
  readonly mounts: readonly string[];
  readonly controlGroups: readonly string[];
  readonly directories: readonly string[];
  readonly loopDevices: readonly string[];
}

export const nothing: Remains = {
  processes: [],
  namespaces: [],
  mounts: [],
  controlGroups: [],
  directories: [],
  loopDevices: [],
};

/** What is still there of it, on this machine and in the mount namespaces of all its processes. */
export async function remainsOf(traces: HostTraces, dataDirectory: string): Promise<Remains> {
  const ours = await ownProcesses(traces);
  const inUse = new Set(await namespacesOf(ours));
  const runtime = await readdir("/run/paddock").catch(() => []);
  const mounts = await Promise.all([traces.workerLabel, dataDirectory].map(mountsMentioning));
  return {
    processes: await commandLines(ours.filter((pid) => traces.pids.includes(pid))),
    namespaces: traces.namespaces.filter((name) => inUse.has(name)),
    mounts: mounts.flat(),
    controlGroups: (await workersGroups()).filter((name) => name.endsWith(traces.workerLabel)),
    directories: runtime.filter((name) => name.endsWith(traces.workerLabel)),
    loopDevices: await loopDevicesOf(dataDirectory),
  };
}

/** Files below the directory that loop devices show: also removed ones. */
async function loopDevicesOf(dataDirectory: string): Promise<string[]> {
  const devices = (await readdir("/sys/block")).filter((name) => name.startsWith("loop"));
  const files = await Promise.all(
    devices.map((name) =>
      // Only a device in use has the file.
      readFile(`/sys/block/${name}/loop/backing_file`, "utf8").catch(() => ""),
    ),
  );
  return files.filter((path) => path.startsWith(`${dataDirectory}/`));
}

/** Of all workers, in version 2 and in every hierarchy of version 1. */
async function workersGroups(): Promise<string[]> {
  const root = "/sys/fs/cgroup";
  const families = ["", ...(await readdir(root))].map((name) => join(root, name, "paddock"));
  // Most of what lies in the root is no hierarchy.
  const groups = await Promise.all(
    families.map(async (family) => {
      const names = await readdir(family).catch(() => []);
      return names.map((name) => join(family, name));
    }),
  );
  return groups.flat();
}

/**
 * Processes that may be the stack's. The kernel gives the numbers of processes and of namespaces
 * away again: a process below one that the stack cannot have started has got one of those.
 */
async function ownProcesses({ supervisor, pids, namespaces }: HostTraces): Promise<number[]> {
  const parents = await parentByPid();
  const isTraced = new Map<number, boolean>();
  for (const pid of parents.keys()) {
    const held = pids.includes(pid) ? [] : await namespacesOf([pid]);
    isTraced.set(pid, pids.includes(pid) || held.some((name) => namespaces.includes(name)));
  }
  const isRoot = (pid: number): boolean => pid <= INIT || pid === supervisor;
  const isOwn = (pid: number): boolean => {
    const parent = parents.get(pid);
    return isTraced.get(pid) === true && (parent === undefined || isRoot(parent) || isOwn(parent));
  };
  return [...parents.keys()].filter((pid) => pid === supervisor || isOwn(pid));
}

/** A process may end between the listing and the reading; a zombie has no namespaces. */
async function namespacesOf(pids: readonly number[]): Promise<string[]> {
  const paths = pids.flatMap((pid) => namespaceKinds.map((kind) => `/proc/${pid}/ns/${kind}`));
  const links = await Promise.all(paths.map((path) => readlink(path).catch(() => undefined)));
  return [...new Set(links.filter((link) => link !== undefined))];
}

/** Of those that have one: a zombie that nobody has fetched yet holds nothing any more. */
async function commandLines(pids: readonly number[]): Promise<string[]> {
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.flatMap((line, index) =>
    line === "" ? [] : [`${pids[index]} ${line.replaceAll("\0", " ").trim()}`],
  );
}
