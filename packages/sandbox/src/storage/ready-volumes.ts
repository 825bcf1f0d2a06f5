/**
 * Volumes that are there before anybody asks, so that a cold start waits for none: of the usual
 * size, and of the other sizes that were asked for last. They are made one at a time, off the path
 * of requests.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxLimits } from "../limits.ts";
import type { Volume, VolumeSource } from "./port.ts";

interface Shelf {
  readonly sizeMb: number;
  readonly ready: Volume[];
}

export class ReadyVolumes {
  readonly #source: VolumeSource;
  /** The one that was asked for last comes last. */
  readonly #shelves = new Map<number, Shelf>();
  readonly #closing = new AbortController();
  #filling: Promise<void> | undefined;

  constructor(source: VolumeSource) {
    this.#source = source;
    this.#shelf(sandboxLimits.usualScratchMb);
    this.#fillSoon();
  }

  async take(sizeMb: number): Promise<Volume> {
    const shelf = this.#shelf(sizeMb);
    const ready = shelf.ready.pop();
    this.#fillSoon();
    return ready ?? this.#source.create(sizeMb);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#filling;
    const all = [...this.#shelves.values()].flatMap((shelf) => shelf.ready.splice(0));
    await Promise.all(all.map((volume) => volume.remove()));
  }

  #shelf(sizeMb: number): Shelf {
    const shelf = this.#shelves.get(sizeMb) ?? { sizeMb, ready: [] };
    this.#shelves.delete(sizeMb);
    this.#shelves.set(sizeMb, shelf);
    return shelf;
  }

  #fillSoon(): void {
    if (this.#closing.signal.aborted) return;
    this.#filling ??= this.#fill()
      // Whoever asks next has a volume made, and is told what is wrong.
      .catch(() => undefined)
      .finally(() => {
        this.#filling = undefined;
      });
  }

  async #fill(): Promise<void> {
    const { signal } = this.#closing;
    await sleep(sandboxLimits.readyVolumesDelayMs, undefined, { signal, ref: false });
    await this.#clear();
    for (let shelf = this.#short(); shelf !== undefined; shelf = this.#short()) {
      shelf.ready.push(await this.#source.create(shelf.sizeMb));
      if (signal.aborted) return;
    }
  }

  /** A shelf with less than it should have. */
  #short(): Shelf | undefined {
    return [...this.#shelves.values()].find((shelf) => shelf.ready.length < wantedOn(shelf));
  }

  /** Gives up the sizes that others were asked for after. */
  async #clear(): Promise<void> {
    const others = [...this.#shelves.values()].filter((shelf) => !isUsual(shelf));
    const old = others.slice(0, Math.max(0, others.length - sandboxLimits.readyOtherSizes));
    for (const { sizeMb } of old) this.#shelves.delete(sizeMb);
    await Promise.all(old.flatMap(({ ready }) => ready).map((volume) => volume.remove()));
  }
}

function isUsual({ sizeMb }: Shelf): boolean {
  return sizeMb === sandboxLimits.usualScratchMb;
}

function wantedOn(shelf: Shelf): number {
  return isUsual(shelf) ? sandboxLimits.readyUsualVolumes : sandboxLimits.readyOtherVolumes;
}
