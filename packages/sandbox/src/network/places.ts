/**
 * Numbers of sandboxes in the router: each stands for an address and a device. The one that was free
 * for longest is taken next, so that answers to the one who had it before have long stopped coming.
 */
export class Places {
  readonly #free: number[] = [];
  readonly #size: number;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Undefined when all are taken. */
  take(): number | undefined {
    if (this.#used < this.#size) {
      this.#used += 1;
      return this.#used - 1;
    }
    return this.#free.shift();
  }

  giveBack(place: number): void {
    this.#free.push(place);
  }
}
