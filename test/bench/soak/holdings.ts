/** What a stack holds on the machine now: the same before and after, or something leaks. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { descendantsOf, type TestPaddock } from "@paddock/testkit";

export interface Holdings {
  readonly processes: number;
  /** In the worker's mount namespace. */
  readonly mounts: number;
  readonly controlGroups: number;
  /** That some process of the stack is in. */
  readonly namespaces: number;
  readonly loopDevices: number;
  readonly sockets: number;
  /** By service; that of the sandboxes' processes is not counted. */
  readonly descriptors: Readonly<Record<string, number>>;
}

const namespaceKinds = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];

export async function holdingsOf(paddock: TestPaddock): Promise<Holdings> {
  const supervisor = paddock.pid ?? 0;
  const services = await paddock.processes();
  const { worker = 0 } = services;
  const pids = [supervisor, ...(await descendantsOf(supervisor))];
  const held = Object.entries(services).map(([name, pid]) => [name, descriptorsOf(pid)] as const);
  const isSocket = (link: string): boolean => link.startsWith("socket:");
  return {
    processes: pids.length,
    mounts: lines(`/proc/${worker}/mountinfo`).length,
    controlGroups: controlGroupsOf(worker),
    namespaces: new Set(pids.flatMap(namespacesOf)).size,
    loopDevices: loopDevicesBelow(paddock.access.dataDirectory),
    sockets: held.reduce((sum, [, links]) => sum + links.filter(isSocket).length, 0),
    descriptors: Object.fromEntries(held.map(([name, links]) => [name, links.length])),
  };
}

function descriptorsOf(pid: number): string[] {
  return list(`/proc/${pid}/fd`).map((name) => link(`/proc/${pid}/fd/${name}`));
}

function namespacesOf(pid: number): string[] {
  return namespaceKinds.map((kind) => link(`/proc/${pid}/ns/${kind}`)).filter(Boolean);
}

/** The worker's own and those below it, in every hierarchy. */
function controlGroupsOf(worker: number): number {
  const root = "/sys/fs/cgroup";
  const families = ["", ...list(root)].map((name) => join(root, name, "paddock"));
  const own = families.flatMap((family) =>
    list(family)
      .filter((name) => name.includes(`.${worker}.`))
      .map((name) => join(family, name)),
  );
  return own.reduce((sum, group) => sum + 1 + directoriesIn(group), 0);
}

function loopDevicesBelow(directory: string): number {
  return list("/sys/block").filter((name) =>
    lines(`/sys/block/${name}/loop/backing_file`).some((file) => file.startsWith(directory)),
  ).length;
}

function directoriesIn(path: string): number {
  try {
    return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length;
  } catch {
    return 0;
  }
}

/** What is gone in the meantime has nothing in it. */
function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
