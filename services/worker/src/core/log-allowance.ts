/**
 * How much log one function may write on a worker: a burst, then a steady rate. All functions share
 * the stream that keeps logs, and what one of them floods it with drives out the lines of others.
 */
import { limits } from "../limits.ts";

export class LogAllowance {
  #bytes: number = limits.logBurstBytes;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** Takes it all, or nothing and says no. */
  take(bytes: number, nowMs: number): boolean {
    this.#refill(nowMs);
    if (bytes > this.#bytes) return false;
    this.#bytes -= bytes;
    return true;
  }

  /** Then there is nothing to remember of it. */
  isWhole(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#bytes === limits.logBurstBytes;
  }

  #refill(nowMs: number): void {
    const more = (Math.max(0, nowMs - this.#atMs) / 1000) * limits.logBytesPerSecond;
    this.#bytes = Math.min(limits.logBurstBytes, this.#bytes + more);
    this.#atMs = nowMs;
  }
}
