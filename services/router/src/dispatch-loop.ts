import { randomUUID } from "node:crypto";
import type { DispatchTerm } from "@paddock/queue";
import { routerLimits } from "./limits.ts";

/**
 * Calls the dispatcher while this router is the one that dispatches. One timer; without work it
 * fires once a second, and `wake` brings the next tick forward.
 */
export interface DispatchLoopParts {
  readonly term: DispatchTerm;
  /** Returns the pause before the next tick, ms. */
  readonly tick: () => Promise<number>;
  readonly onError: (error: unknown) => void;
}

export class DispatchLoop {
  readonly #parts: DispatchLoopParts;
  readonly #routerId = randomUUID();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** A wake came while a tick was at work. */
  #again = false;
  /** True while the next tick is further away than a busy one would be. */
  #isResting = true;
  #stopped = false;

  constructor(parts: DispatchLoopParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#schedule(0);
  }

  /** There is new work. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#running !== undefined) this.#again = true;
    else if (this.#isResting) this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    try {
      await this.#parts.term.end(this.#routerId);
    } catch (error) {
      // Redis is away: the term ends by itself.
      this.#parts.onError(error);
    }
  }

  #schedule(pauseMs: number): void {
    if (this.#stopped) return;
    this.#isResting = pauseMs > routerLimits.dispatchTickMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#run().finally(() => (this.#running = undefined));
    }, pauseMs);
  }

  async #run(): Promise<void> {
    let pauseMs: number = routerLimits.idleLookMs;
    this.#again = false;
    try {
      const { term, tick } = this.#parts;
      if (await term.renew(this.#routerId, routerLimits.dispatchTermMs)) pauseMs = await tick();
      else this.#again = false;
    } catch (error) {
      this.#parts.onError(error);
    }
    this.#schedule(this.#again ? Math.min(pauseMs, routerLimits.dispatchTickMs) : pauseMs);
  }
}
