/**
 * Version 1: one hierarchy per controller, so a sandbox has up to four groups.
 *
 * To start a process inside, the calling thread itself steps in, spawns, and steps out again. The
 * kernel moves the current thread without the lock that moving another process needs: 15 µs for
 * each hierarchy instead of 8 ms, and the child is inside from its first instruction.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sandboxLimits } from "../limits.ts";
import {
  Counter,
  groupsBelow,
  keyedValue,
  makeGroup,
  processesOf,
  removeGroup,
  removeIfEmpty,
  workingSetBytes,
  writeValue,
} from "./files.ts";
import type { Hierarchy } from "./hierarchies.ts";
import type { ControlGroup, ControlGroups } from "./port.ts";
import { openThawGuard } from "./thaw-guard.ts";
import { cpuQuotaUs, cpuShares, socketBytes } from "./values.ts";

/** Buffers of network sockets are in no other limit of version 1. */
const SOCKET_LIMIT = "memory.kmem.tcp.limit_in_bytes";

export const v1Controllers = ["memory", "cpu", "pids", "freezer"] as const;
type Controller = (typeof v1Controllers)[number];
const memoryFiles = {
  usage: "memory.usage_in_bytes",
  inactiveFile: "total_inactive_file",
} as const;
export type V1Hierarchies = Readonly<Record<Controller, Hierarchy>>;
type Directories = Readonly<Record<Controller, string>>;

/** Makes the worker's group `path` (relative, such as `paddock/<name>`) in each hierarchy. */
export function openV1(hierarchies: V1Hierarchies, path: string): ControlGroups {
  const parents = directoriesOf(hierarchies, path);
  const own = unique(v1Controllers.map((name) => hierarchies[name].ownDirectory));
  for (const directory of unique(Object.values(parents))) {
    makeGroup(directory);
  }
  const guard = openThawGuard(parents.freezer);
  return {
    version: 1,
    create: (name) => createV1(parents, own, name),
    limitAll: ({ memoryBytes, processes, socketBytes }) => {
      if (memoryBytes !== undefined) {
        writeValue(parents.memory, "memory.limit_in_bytes", memoryBytes);
      }
      writeValue(parents.memory, SOCKET_LIMIT, socketBytes);
      writeValue(parents.pids, "pids.max", processes);
    },
    memoryUseBytes: () => workingSetBytes(parents.memory, memoryFiles),
    count: () => unique(Object.values(parents)).flatMap(groupsBelow).length,
    close: async () => {
      const all = unique(Object.values(parents));
      try {
        await Promise.all(all.map(removeGroup));
        for (const directory of all) removeIfEmpty(dirname(directory));
      } finally {
        await guard.close();
      }
    },
  };
}

function directoriesOf(hierarchies: V1Hierarchies, path: string): Directories {
  const at = (name: Controller): string => join(hierarchies[name].mountPoint, path);
  return { memory: at("memory"), cpu: at("cpu"), pids: at("pids"), freezer: at("freezer") };
}

function createV1(parents: Directories, own: readonly string[], name: string): ControlGroup {
  const at = (controller: Controller): string => join(parents[controller], name);
  const directories = {
    memory: at("memory"),
    cpu: at("cpu"),
    pids: at("pids"),
    freezer: at("freezer"),
  };
  for (const directory of unique(Object.values(directories))) {
    makeGroup(directory);
  }
  return new V1Group(directories, own);
}

class V1Group implements ControlGroup {
  readonly #directories: Directories;
  readonly #own: readonly string[];
  readonly #swapIsLimited: boolean;
  readonly #peak: Counter;
  #memoryBytes = Number.POSITIVE_INFINITY;

  constructor(directories: Directories, own: readonly string[]) {
    this.#directories = directories;
    this.#own = own;
    this.#swapIsLimited = existsSync(join(directories.memory, "memory.memsw.limit_in_bytes"));
    this.#peak = new Counter(join(directories.memory, "memory.max_usage_in_bytes"));
  }

  spawnInside<T extends { readonly pid?: number | undefined }>(spawn: () => T): T {
    try {
      for (const directory of unique(Object.values(this.#directories))) {
        writeValue(directory, "tasks", 0);
      }
      return spawn();
    } finally {
      stepOut(this.#own);
    }
  }

  add(): Promise<void> {
    return Promise.resolve();
  }

  setMemory(bytes: number): void {
    const files = ["memory.memsw.limit_in_bytes", "memory.limit_in_bytes"];
    // Memory with swap may never be the lower one, not even for a moment.
    const ordered = bytes > this.#memoryBytes ? files : files.toReversed();
    for (const file of this.#swapIsLimited ? ordered : ["memory.limit_in_bytes"]) {
      writeValue(this.#directories.memory, file, bytes);
    }
    writeValue(this.#directories.memory, SOCKET_LIMIT, socketBytes(bytes));
    this.#memoryBytes = bytes;
  }

  setCpus(cpus: number): void {
    writeValue(this.#directories.cpu, "cpu.cfs_period_us", sandboxLimits.cpuPeriodUs);
    writeValue(this.#directories.cpu, "cpu.cfs_quota_us", cpuQuotaUs(cpus));
  }

  setCpuWeight(weight: number): void {
    writeValue(this.#directories.cpu, "cpu.shares", cpuShares(weight));
  }

  setProcesses(count: number): void {
    writeValue(this.#directories.pids, "pids.max", count);
  }

  freeze(): void {
    writeValue(this.#directories.freezer, "freezer.state", "FROZEN");
  }

  thaw(): void {
    writeValue(this.#directories.freezer, "freezer.state", "THAWED");
  }

  memoryUseBytes(): number {
    return workingSetBytes(this.#directories.memory, memoryFiles);
  }

  peakMemoryBytes(): number {
    return this.#peak.read();
  }

  outOfMemory(): boolean {
    const text = readFileSync(join(this.#directories.memory, "memory.oom_control"), "utf8");
    return keyedValue(text, "oom_kill") > 0;
  }

  processes(): number[] {
    return processesOf(this.#directories.pids);
  }

  async remove(): Promise<void> {
    this.#peak.close();
    await Promise.all(unique(Object.values(this.#directories)).map(removeGroup));
  }
}

/** Back to the groups that the worker came from; a worker inside a function's group must not live. */
function stepOut(own: readonly string[]): void {
  try {
    for (const directory of own) {
      writeFileSync(join(directory, "tasks"), "0");
    }
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    process.abort();
  }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
