/**
 * Volumes on disk: one sparse image of an ext4 file system each, below the data directory. The
 * kernel enforces the size (ENOSPC) and the number of files; what is written counts as page cache,
 * which the kernel writes to the disk where the function's memory has no more room for it.
 */
import { rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { sandboxLimits } from "../limits.ts";
import { atMost } from "./at-most.ts";
import { DiskGuard } from "./disk-guard.ts";
import { mountImage } from "./disk-image.ts";
import { type DiskTemplate, makeDiskTemplate, writeImage } from "./disk-template.ts";
import { DiskVolume } from "./disk-volume.ts";
import type { Volume, VolumeSource } from "./port.ts";
import { SpareLoopDevices } from "./spare-loop-devices.ts";

export interface DiskVolumesOptions {
  /** On disk, for this worker alone. */
  readonly directory: string;
  /** The program mkfs.ext4. */
  readonly mkfs: string;
  /** Loop devices that the kernel made for workers that are dead. */
  readonly inheritedDevices?: readonly number[];
  /** For the operator. */
  readonly onProblem: (problem: string) => void;
}

export class DiskVolumes implements VolumeSource {
  readonly feature = "/tmp on disk: its size is enforced (ENOSPC), and not charged to memory";
  readonly #options: DiskVolumesOptions;
  readonly #templates = new Map<number, Promise<DiskTemplate>>();
  readonly #making = atMost(sandboxLimits.volumesMadeAtOnce);
  readonly #removing = atMost(sandboxLimits.volumesRemovedAtOnce);
  readonly #devices: SpareLoopDevices;
  readonly #living = new Set<DiskVolume>();
  readonly #guard: DiskGuard;
  #made = 0;

  constructor(options: DiskVolumesOptions) {
    this.#options = options;
    const { directory, inheritedDevices, onProblem } = options;
    this.#devices = new SpareLoopDevices(directory, inheritedDevices ?? []);
    this.#guard = new DiskGuard({ directory, onProblem, volumes: () => [...this.#living] });
  }

  async create(sizeMb: number): Promise<Volume> {
    const template = await this.#template(sizeMb);
    return this.#making(async () => {
      this.#made += 1;
      const image = join(this.#options.directory, `${String(this.#made)}.img`);
      try {
        await writeImage(image, template);
        const volume = new DiskVolume({
          sizeMb,
          image,
          mounted: await mountImage(image),
          removing: this.#removing,
          onRemoved: (removed) => this.#forget(removed),
        });
        this.#living.add(volume);
        this.#devices.taken(volume.deviceNumber);
        return volume;
      } catch (error) {
        await unlink(image).catch(() => undefined);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#guard.close();
    await Promise.all([...this.#living].map((volume) => volume.remove()));
    await this.#devices.close();
    await rm(this.#options.directory, { recursive: true, force: true });
  }

  #forget(volume: DiskVolume): void {
    this.#living.delete(volume);
    this.#devices.free(volume.deviceNumber);
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
