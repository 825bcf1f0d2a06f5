import { loopDeviceNumbers, removeLoopDevice } from "../kernel/loop-devices.ts";
import { sandboxLimits } from "../limits.ts";

/**
 * Loop devices that the kernel made because it had too few, and that are free again. It would keep
 * them until the next boot, with some 100 kB each: a few stay for the next volumes, the others are
 * removed, one after the other, for each of them takes a while.
 */
export class SpareLoopDevices {
  readonly #before = new Set(loopDeviceNumbers());
  readonly #spare = new Set<number>();
  #removing: Promise<void> | undefined;
  #deadlineMs = Infinity;

  /** A device that has just become free. */
  add(number: number): void {
    if (this.#before.has(number)) return;
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
      await removeLoopDevice(last);
    }
  }
}
