/** What a worker holds on the machine: counted before and after each attempt to get out. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { descendantsOf, eventually } from "@paddock/testkit";
import { expect, inject } from "vitest";

const CALM_WITHIN_MS = 30_000;
const CALM_MS = 100;
const controlGroupRoot = "/sys/fs/cgroup";

export interface Holdings {
  /** Below the worker. Elsewhere they come and go with connections, as PostgreSQL's do. */
  readonly processes: number;
  readonly descriptors: number;
  readonly mounts: number;
  readonly controlGroups: number;
  readonly networks: number;
}

async function holdings(): Promise<Holdings> {
  const worker = await workerProcess();
  const pids = await descendantsOf(worker.pid);
  const [descriptors, mounts, controlGroups, networks] = await Promise.all([
    readdir(`/proc/${worker.pid}/fd`),
    readFile(`/proc/${worker.pid}/mountinfo`, "utf8"),
    groupsOf(`.${worker.pid}.${worker.startTicks}`),
    Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => ""))),
  ]);
  return {
    processes: pids.length,
    descriptors: descriptors.length,
    mounts: mounts.split("\n").length,
    controlGroups: controlGroups.length,
    networks: new Set(networks).size,
  };
}

/** Once nothing is being started or stopped any more. */
export async function calmHoldings(): Promise<Holdings> {
  return eventually(
    async () => {
      const first = await holdings();
      await sleep(CALM_MS);
      expect(await holdings()).toEqual(first);
      return first;
    },
    { timeoutMs: CALM_WITHIN_MS },
  );
}

/** Waits until nothing is held that was not held before: the stock of booted processes may shrink. */
export async function expectNoMoreThan(before: Holdings): Promise<void> {
  await eventually(
    async () => {
      const now = await holdings();
      const grown = Object.entries(now).filter(
        ([name, count]) => count > before[name as keyof Holdings], // Object.entries forgets the type.
      );
      expect(grown, `before: ${JSON.stringify(before)}`).toEqual([]);
    },
    { timeoutMs: CALM_WITHIN_MS },
  );
}

export async function workerProcess(): Promise<{ pid: number; startTicks: string }> {
  const file = join(inject("prison").access.dataDirectory, "processes.json");
  // Written by the supervisor; a field that is missing fails the test that needs it.
  const processes = JSON.parse(await readFile(file, "utf8")) as Record<
    string,
    { pid: number; startTicks: string }
  >;
  const { worker } = processes;
  if (worker === undefined) throw new Error("the worker is not registered");
  return worker;
}

/** Directories of control groups of all sandboxes, by the end of their worker's name. */
export async function groupsOf(workerLabel: string): Promise<string[]> {
  const roots = ["", ...(await readdir(controlGroupRoot))].map((name) =>
    join(controlGroupRoot, name, "paddock"),
  );
  const families = await Promise.all(roots.map(directoriesIn));
  const own = families.flat().filter((directory) => directory.endsWith(workerLabel));
  return (await Promise.all(own.map(directoriesIn))).flat();
}

/** None where it is no directory, or gone. */
async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
}
