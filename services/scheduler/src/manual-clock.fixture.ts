import type { Clock } from "./ports.ts";

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  #nowMs: number;
  #timer: { readonly atMs: number; readonly callback: () => void } | undefined;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** When the one timer rings; undefined: nobody sleeps. */
  get ringsAtMs(): number | undefined {
    return this.#timer?.atMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  callAfter(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timer = timer;
    return () => {
      if (this.#timer === timer) this.#timer = undefined;
    };
  }

  /** Moves on, ringing as often as somebody asked for it on the way. */
  advanceTo(ms: number): void {
    for (let timer = this.#timer; timer !== undefined && timer.atMs <= ms; timer = this.#timer) {
      this.#nowMs = Math.max(this.#nowMs, timer.atMs);
      this.#timer = undefined;
      timer.callback();
    }
    this.#nowMs = ms;
  }
}
