/** Invocations that wait for an environment: first come, first served, bounded in number and time. */
export interface WaitingOptions<Work> {
  readonly work: Work;
  readonly giveUp: (why: string) => void;
  readonly expiresAtMs: number;
  /** Gives up after this time, unless the line says that an environment is on its way. */
  readonly waitMs?: number;
}

interface Waiting<Work> extends WaitingOptions<Work> {
  timer: NodeJS.Timeout | undefined;
}

export interface WaitingLineOptions {
  readonly capacity: number;
  /** Environments that will come without anybody asking for more. */
  readonly environmentsOnTheWay: () => number;
}

export class WaitingLine<Work> {
  readonly #options: WaitingLineOptions;
  readonly #line = new Set<Waiting<Work>>();

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#line.size;
  }

  join(options: WaitingOptions<Work>): void {
    if (this.#line.size >= this.#options.capacity) {
      options.giveUp("too many invocations wait for this function");
      return;
    }
    const waiting: Waiting<Work> = { ...options, timer: undefined };
    if (options.waitMs !== undefined) {
      waiting.timer = setTimeout(() => this.#waitedEnough(waiting), options.waitMs);
    }
    this.#line.add(waiting);
  }

  /**
   * Asking for one more environment than there are people in line would start more of them than
   * there are invocations at the same time.
   */
  #waitedEnough(waiting: Waiting<Work>): void {
    if (this.#options.environmentsOnTheWay() >= this.#line.size) return;
    if (this.#line.delete(waiting)) waiting.giveUp("no environment was free");
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
