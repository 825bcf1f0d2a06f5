/**
 * Control groups, versions 1 and 2 behind one interface. A worker has one parent group, each
 * sandbox one group below it: `paddock/<worker's name>/<sandboxId>` in every hierarchy.
 *
 * All calls are synchronous and short (a write to a kernel file) but those that return promises.
 */
export interface ControlGroups {
  readonly version: 1 | 2;
  /** The group exists with limits on memory and processes, and with nobody inside. */
  create(name: string): ControlGroup;
  /** Groups that exist below the worker's, all hierarchies counted. */
  count(): number;
  /** What all sandboxes of the worker may use together, whatever each of them is allowed. */
  limitAll(limits: SharedLimits): void;
  /** Memory that they use together now, without file pages that were not used lately. */
  memoryUseBytes(): number;
  /**
   * Removes the worker's own group; what is still inside is killed. The family's group goes too
   * when no other worker is left in it.
   */
  close(): Promise<void>;
}

export interface SharedLimits {
  /** Beyond it the kernel ends some of what is inside. */
  readonly memoryBytes?: number;
  /** Processes and threads. */
  readonly processes: number;
  /** Buffers of network sockets, where they are counted apart (version 1). */
  readonly socketBytes: number;
}

export interface ControlGroup {
  /** Runs `spawn`, and what it starts is in the group. `spawn` must be synchronous. */
  spawnInside<T extends { readonly pid?: number | undefined }>(spawn: () => T): T;
  /** Puts a process in that the spawned one has started, where it is not inherited. */
  add(pid: number): Promise<void>;
  setMemory(bytes: number): void;
  setCpus(cpus: number): void;
  /** 1 to 100: the share of CPU time beside other groups. */
  setCpuWeight(weight: number): void;
  setProcesses(count: number): void;
  freeze(): void;
  thaw(): void;
  /** What is used now, without file pages that were not used lately. */
  memoryUseBytes(): number;
  /** High-water mark since creation; one pread, for it is asked after every invocation. */
  peakMemoryBytes(): number;
  /** True when the kernel killed a process of the group for want of memory. */
  outOfMemory(): boolean;
  processes(): number[];
  /** Kills what is left inside and removes the group, with a bounded number of attempts. */
  remove(): Promise<void>;
}
