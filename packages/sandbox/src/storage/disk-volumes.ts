/**
 * Volumes on disk: one sparse image of an ext4 file system each, below the data directory. The
 * kernel enforces the size (ENOSPC) and the number of files; what is written counts as page cache,
 * which the kernel writes to the disk where the function's memory has no more room for it.
 *
 * The images are sparse and may promise more than the disk has. When the disk is full, fsync says
 * ENOSPC to whoever wrote; nobody else's contents change.
 */
import { rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { pathOfMount } from "../kernel/file-systems.ts";
import { sandboxLimits } from "../limits.ts";
import { atMost } from "./at-most.ts";
import { dropImage, type MountedImage, mountAgain, mountImage } from "./disk-image.ts";
import { type DiskTemplate, makeDiskTemplate, writeImage } from "./disk-template.ts";
import type { Volume, VolumeSource } from "./port.ts";
import { SpareLoopDevices } from "./spare-loop-devices.ts";

export interface DiskVolumesOptions {
  /** On disk, for this worker alone. */
  readonly directory: string;
  /** The program mkfs.ext4. */
  readonly mkfs: string;
}

export class DiskVolumes implements VolumeSource {
  readonly feature = "/tmp on disk: its size is enforced (ENOSPC), and not charged to memory";
  readonly #options: DiskVolumesOptions;
  readonly #templates = new Map<number, Promise<DiskTemplate>>();
  readonly #making = atMost(sandboxLimits.volumesMadeAtOnce);
  readonly #removing = atMost(sandboxLimits.volumesRemovedAtOnce);
  readonly #devices = new SpareLoopDevices();
  #made = 0;

  constructor(options: DiskVolumesOptions) {
    this.#options = options;
  }

  async create(sizeMb: number): Promise<Volume> {
    const template = await this.#template(sizeMb);
    return this.#making(async () => {
      this.#made += 1;
      const image = join(this.#options.directory, `${String(this.#made)}.img`);
      try {
        await writeImage(image, template);
        const mounted = await mountImage(image);
        return this.#volume(sizeMb, image, mounted);
      } catch (error) {
        await unlink(image).catch(() => undefined);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#devices.close();
    await rm(this.#options.directory, { recursive: true, force: true });
  }

  #volume(sizeMb: number, image: string, mounted: MountedImage): Volume {
    return {
      sizeMb,
      path: pathOfMount(mounted.mount),
      openMount: () => mountAgain(mounted),
      remove: async () => {
        // First: should the worker end meanwhile, the kernel takes back what the name led to.
        await unlink(image);
        await this.#removing(() => dropImage(mounted));
        this.#devices.add(mounted.device.number);
      },
    };
  }

  #template(sizeMb: number): Promise<DiskTemplate> {
    const known = this.#templates.get(sizeMb);
    if (known !== undefined) return known;
    const made = this.#making(() => makeDiskTemplate({ ...this.#options, sizeMb }));
    this.#templates.set(sizeMb, made);
    made.catch(() => this.#templates.delete(sizeMb));
    const oldest = this.#templates.keys().next().value;
    if (this.#templates.size > sandboxLimits.templates && oldest !== undefined) {
      this.#templates.delete(oldest);
    }
    return made;
  }
}
