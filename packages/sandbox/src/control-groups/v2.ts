/**
 * Version 2: one hierarchy for everything. A process cannot be started inside from Node, and moving
 * one waits for an RCU grace period (some milliseconds) unless another move has just been made: so
 * the move begins the moment bubblewrap is spawned, off the main thread, while bubblewrap works;
 * its child, which is what counts, follows at next to no cost before it is let go.
 */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, SandboxError } from "../errors.ts";
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
import { cpuMax } from "./values.ts";

export const v2Controllers = ["memory", "cpu", "pids"] as const;

const memoryFiles = { usage: "memory.current", inactiveFile: "inactive_file" } as const;

/** Makes the worker's group `path` (relative) with the controllers handed down to it. */
export function openV2(hierarchy: Hierarchy, path: string): ControlGroups {
  let directory = hierarchy.mountPoint;
  handDown(directory);
  for (const part of path.split("/")) {
    directory = join(directory, part);
    makeGroup(directory);
    handDown(directory);
  }
  return {
    version: 2,
    create: (name) => {
      const group = join(directory, name);
      makeGroup(group);
      return new V2Group(group);
    },
    limitAll: ({ memoryBytes, processes }) => {
      if (memoryBytes !== undefined) writeValue(directory, "memory.max", memoryBytes);
      writeValue(directory, "pids.max", processes);
    },
    memoryUseBytes: () => workingSetBytes(directory, memoryFiles),
    count: () => groupsBelow(directory).length,
    close: async () => {
      await removeGroup(directory);
      removeIfEmpty(dirname(directory));
    },
  };
}

function handDown(directory: string): void {
  const present = readFileSync(join(directory, "cgroup.subtree_control"), "utf8").split(/\s+/);
  const missing = v2Controllers.filter((name) => !present.includes(name));
  if (missing.length === 0) {
    return;
  }
  try {
    writeValue(directory, "cgroup.subtree_control", missing.map((name) => `+${name}`).join(" "));
  } catch (error) {
    throw new SandboxError(
      `the control group ${directory} cannot hand down ${missing.join(", ")}: ${messageOf(error)}. ` +
        "If processes live directly in it (a container's root group), move them to a group of their own first.",
      { cause: error },
    );
  }
}

/** The group in a directory that exists already. */
export class V2Group implements ControlGroup {
  readonly #directory: string;
  /** The move of the process that was spawned: its child follows it. */
  #begun: Promise<void> | undefined;
  readonly #peak: Counter | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    // memory.peak came with Linux 5.19; before, the current use at the time of asking must do.
    this.#peak = ["memory.peak", "memory.current"]
      .map((file) => join(directory, file))
      .filter((path) => existsSync(path))
      .slice(0, 1)
      .map((path) => new Counter(path))[0];
  }

  spawnInside<T extends { readonly pid?: number | undefined }>(spawn: () => T): T {
    const spawned = spawn();
    if (spawned.pid !== undefined) {
      // Its only purpose is to begin early: what counts is `add`, whose failure is reported.
      this.#begun = this.add(spawned.pid).catch(() => undefined);
    }
    return spawned;
  }

  async add(pid: number): Promise<void> {
    await this.#begun;
    await writeFile(join(this.#directory, "cgroup.procs"), String(pid));
  }

  setMemory(bytes: number): void {
    writeValue(this.#directory, "memory.max", bytes);
    if (existsSync(join(this.#directory, "memory.swap.max"))) {
      writeValue(this.#directory, "memory.swap.max", 0);
    }
  }

  setCpus(cpus: number): void {
    writeValue(this.#directory, "cpu.max", cpuMax(cpus));
  }

  setCpuWeight(weight: number): void {
    writeValue(this.#directory, "cpu.weight", weight);
  }

  setProcesses(count: number): void {
    writeValue(this.#directory, "pids.max", count);
  }

  freeze(): void {
    writeValue(this.#directory, "cgroup.freeze", 1);
  }

  thaw(): void {
    writeValue(this.#directory, "cgroup.freeze", 0);
  }

  memoryUseBytes(): number {
    return workingSetBytes(this.#directory, memoryFiles);
  }

  peakMemoryBytes(): number {
    return this.#peak?.read() ?? 0;
  }

  outOfMemory(): boolean {
    const path = join(this.#directory, "memory.events");
    return existsSync(path) && keyedValue(readFileSync(path, "utf8"), "oom_kill") > 0;
  }

  processes(): number[] {
    return processesOf(this.#directory);
  }

  async remove(): Promise<void> {
    this.#peak?.close();
    await removeGroup(this.#directory);
  }
}
