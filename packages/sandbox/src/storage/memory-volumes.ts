/**
 * Volumes in memory, for where loop devices are not to be had: a tmpfs each. Its size and its number
 * of files are enforced too (ENOSPC); but what is written there is memory of the function that
 * writes it, and a small function with a large /tmp is ended before its /tmp is full.
 */
import { closeSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { attachMount, copyMount, openFileSystem } from "../kernel/file-systems.ts";
import { unmountLater } from "../kernel/mounts.ts";
import { sandboxLimits } from "../limits.ts";
import type { Volume, VolumeSource } from "./port.ts";

export interface MemoryVolumesOptions {
  /** Below it they are mounted. */
  readonly directory: string;
  /** Why they are not on disk, and what helps. */
  readonly reason: string;
}

export class MemoryVolumes implements VolumeSource {
  readonly feature: string;
  readonly #directory: string;
  #made = 0;

  constructor({ directory, reason }: MemoryVolumesOptions) {
    this.feature = `/tmp in memory: its size is enforced (ENOSPC), but it is charged to the function (${reason})`;
    this.#directory = directory;
  }

  async create(sizeMb: number): Promise<Volume> {
    this.#made += 1;
    const path = join(this.#directory, String(this.#made));
    mkdirSync(path);
    const mount = await openFileSystem({
      type: "tmpfs",
      source: "paddock",
      options: {
        size: `${String(sizeMb)}m`,
        nr_inodes: String(sizeMb * sandboxLimits.scratchInodesPerMb),
        mode: "1777",
      },
    });
    try {
      attachMount(mount, path);
    } finally {
      closeSync(mount);
    }
    return {
      sizeMb,
      path,
      isLost: false,
      openMount: () => copyMount(path),
      remove: async () => {
        await unmountLater(path);
        await rm(path, { recursive: true });
      },
    };
  }

  async close(): Promise<void> {
    // The directory goes with what it lies in.
  }
}
