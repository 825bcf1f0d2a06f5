/** Invocations that wait for an environment: first come, first served, bounded in number and time. */
export interface WaitingOptions<Work> {
  readonly work: Work;
  readonly giveUp: (why: string) => void;
  readonly expiresAtMs: number;
  readonly waitMs?: number;
}

interface Waiting<Work> extends WaitingOptions<Work> {
  readonly timer: NodeJS.Timeout | undefined;
}

export class WaitingLine<Work> {
  readonly #capacity: number;
  readonly #line = new Set<Waiting<Work>>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#line.size;
  }

  join(options: WaitingOptions<Work>): void {
    if (this.#line.size >= this.#capacity) {
      options.giveUp("too many invocations wait for this function");
      return;
    }
    const timer =
      options.waitMs === undefined
        ? undefined
        : setTimeout(() => {
            if (this.#line.delete(waiting)) options.giveUp("no environment was free");
          }, options.waitMs);
    const waiting: Waiting<Work> = { ...options, timer };
    this.#line.add(waiting);
  }

  /** The work of the one who waited longest and is still wanted. */
  next(): Work | undefined {
    for (const waiting of this.#line) {
      this.#remove(waiting);
      if (waiting.expiresAtMs > Date.now()) return waiting.work;
      waiting.giveUp("the caller is gone");
    }
    return undefined;
  }

  dismiss(why: string): void {
    for (const waiting of this.#line) {
      this.#remove(waiting);
      waiting.giveUp(why);
    }
  }

  #remove(waiting: Waiting<Work>): void {
    clearTimeout(waiting.timer);
    this.#line.delete(waiting);
  }
}
