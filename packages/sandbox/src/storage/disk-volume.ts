/** One image, from its mount to its end. */
import { stat, statfs, truncate, unlink } from "node:fs/promises";
import { closeLater } from "../kernel/descriptors.ts";
import { pathOfMount, shutDownFileSystem } from "../kernel/file-systems.ts";
import type { Limiter } from "./at-most.ts";
import { type MountedImage, mountAgain } from "./disk-image.ts";
import type { Volume } from "./port.ts";

/** Unit of `st_blocks`. */
const SECTOR_BYTES = 512;

export interface DiskUse {
  /** By what is in it, written to the disk yet or not. */
  readonly usedBytes: number;
  /** By the image, of the disk below. */
  readonly allocatedBytes: number;
}

export interface DiskVolumeParts {
  readonly sizeMb: number;
  readonly image: string;
  readonly mounted: MountedImage;
  /** Under which the kernel takes file systems down. */
  readonly removing: Limiter;
  readonly onRemoved: (volume: DiskVolume) => void;
}

export class DiskVolume implements Volume {
  readonly sizeMb: number;
  readonly path: string;
  readonly #parts: DiskVolumeParts;
  #givenUp: Promise<void> | undefined;
  #removed: Promise<void> | undefined;

  constructor(parts: DiskVolumeParts) {
    this.#parts = parts;
    this.sizeMb = parts.sizeMb;
    this.path = pathOfMount(parts.mounted.mount);
  }

  get isLost(): boolean {
    return this.#givenUp !== undefined;
  }

  get deviceNumber(): number {
    return this.#parts.mounted.device.number;
  }

  openMount(): number {
    return mountAgain(this.#parts.mounted);
  }

  async use(): Promise<DiskUse> {
    const [inside, image] = await Promise.all([statfs(this.path), stat(this.#parts.image)]);
    return {
      usedBytes: (inside.blocks - inside.bfree) * inside.bsize,
      allocatedBytes: image.blocks * SECTOR_BYTES,
    };
  }

  /** From now on whoever uses it gets EIO, and the disk below has its room back. */
  async giveUp(): Promise<void> {
    // Its descriptor may be another's by now.
    if (this.#removed !== undefined) return;
    this.#givenUp ??= this.#shutDown();
    await this.#givenUp;
  }

  remove(): Promise<void> {
    this.#removed ??= this.#takeDown();
    return this.#removed;
  }

  async #takeDown(): Promise<void> {
    const { image, mounted, onRemoved, removing } = this.#parts;
    await this.#givenUp;
    // First: should the worker end meanwhile, the kernel takes back what the name led to.
    await unlink(image);
    await removing(async () => {
      try {
        // What is still in memory need not be written any more.
        if (!this.isLost) await shutDownFileSystem(mounted.mount);
      } finally {
        await closeLater(mounted.mount);
      }
    });
    onRemoved(this);
  }

  async #shutDown(): Promise<void> {
    await shutDownFileSystem(this.#parts.mounted.mount);
    await truncate(this.#parts.image, 0);
  }
}
