/**
 * How many processes of one kind are wanted at once, learned from when they were taken: the most in
 * one window, forgotten by half after each half-life. So the stock is ready for the next burst that
 * is like the last, and what a burst needed is given back within minutes.
 */
import { limits } from "../limits.ts";

export class Demand {
  #takenAtMs: number[] = [];
  #peak = 0;
  #peakAtMs = 0;

  took(nowMs: number): void {
    this.#takenAtMs = [...this.#recent(nowMs), nowMs].slice(-limits.prebootedDemandMax);
    const before = this.#decayed(nowMs);
    const inWindow = this.#takenAtMs.length;
    if (inWindow < before) return;
    this.#peak = inWindow;
    this.#peakAtMs = nowMs;
  }

  /** A whole number: less than half a process is none. */
  wanted(nowMs: number): number {
    return Math.max(this.#recent(nowMs).length, Math.round(this.#decayed(nowMs)));
  }

  #recent(nowMs: number): number[] {
    const since = nowMs - limits.prebootedDemandWindowMs;
    return this.#takenAtMs.filter((takenAtMs) => takenAtMs > since);
  }

  #decayed(nowMs: number): number {
    return this.#peak * 2 ** -((nowMs - this.#peakAtMs) / limits.prebootedDemandHalfLifeMs);
  }
}
