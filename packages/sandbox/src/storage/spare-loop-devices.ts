import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loopDeviceNumbers, removeLoopDevice } from "../kernel/loop-devices.ts";
import { sandboxLimits } from "../limits.ts";

const RECORD = "loop-devices";

/** Devices that the kernel made for the worker whose directory this is. */
export function recordedLoopDevices(directory: string): number[] {
  try {
    return readFileSync(join(directory, RECORD), "utf8").trim().split("\n").map(Number);
  } catch {
    return [];
  }
}

/**
 * Loop devices that the kernel made because it had too few, and that are free again. It would keep
 * them until the next boot, with some 100 kB each: a few stay for the next volumes, the others are
 * removed, one after the other, for each of them takes a while. Their numbers are on record, so that
 * the next worker does that for one that was killed.
 */
export class SpareLoopDevices {
  readonly #record: string;
  readonly #before: ReadonlySet<number>;
  readonly #recorded = new Set<number>();
  readonly #spare = new Set<number>();
  #removing: Promise<void> | undefined;
  #deadlineMs = Infinity;

  /** `inherited`: what dead workers have on record. */
  constructor(directory: string, inherited: readonly number[]) {
    this.#record = join(directory, RECORD);
    this.#before = new Set(loopDeviceNumbers().filter((number) => !inherited.includes(number)));
    for (const number of inherited) {
      this.taken(number);
      this.free(number);
    }
  }

  /** A device is in use from now on. */
  taken(number: number): void {
    if (this.#before.has(number) || this.#recorded.has(number)) return;
    this.#recorded.add(number);
    appendFileSync(this.#record, `${String(number)}\n`);
  }

  /** Nobody uses it any more. */
  free(number: number): void {
    if (!this.#recorded.has(number)) return;
    this.#spare.add(number);
    this.#removing ??= this.#removeDownTo(sandboxLimits.spareLoopDevices).finally(() => {
      this.#removing = undefined;
    });
  }

  /** As many as there is time for: what is left is free for anybody. */
  async close(): Promise<void> {
    this.#deadlineMs = performance.now() + sandboxLimits.spareLoopDevicesCloseMs;
    await this.#removing;
    await this.#removeDownTo(0);
  }

  async #removeDownTo(count: number): Promise<void> {
    while (this.#spare.size > count && performance.now() < this.#deadlineMs) {
      const last = Math.max(...this.#spare);
      // One that a new volume took meanwhile is busy, and comes back here when that is removed.
      this.#spare.delete(last);
      if (await removeLoopDevice(last)) this.#recorded.delete(last);
    }
  }
}
