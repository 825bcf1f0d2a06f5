/**
 * How long environments of one function version were idle before their next work, in bins of one
 * minute. Source of the idea: Shahrad et al., Serverless in the Wild, USENIX ATC 2020, §4.2.
 */
import type { IdleHistory } from "@paddock/contracts";
import { modelLimits } from "../limits.ts";

const { idleBinMs, idleBins, idleHalfLifeMs, idleAgeingMs, idleCountMin } = modelLimits;

/** What is kept of a histogram outside of this process. */
export type StoredHistogram = Pick<IdleHistory, "bins" | "outOfBounds" | "agedAtMs">;

export class IdleHistogram {
  readonly #counts = new Float64Array(idleBins);
  #outOfBounds = 0;
  /** Within bounds. */
  #inBounds = 0;
  #agedAtMs: number;

  constructor(nowMs: number) {
    this.#agedAtMs = nowMs;
  }

  static from(stored: StoredHistogram): IdleHistogram {
    const histogram = new IdleHistogram(stored.agedAtMs);
    for (const [bin, count] of stored.bins) histogram.#addToBin(bin, count);
    histogram.#outOfBounds = stored.outOfBounds;
    return histogram;
  }

  /** Samples, older ones counted less. */
  get samples(): number {
    return this.#inBounds + this.#outOfBounds;
  }

  get outOfBoundsShare(): number {
    return this.samples === 0 ? 0 : this.#outOfBounds / this.samples;
  }

  add(idleMs: number, count = 1): void {
    const bin = Math.floor(Math.max(0, idleMs) / idleBinMs);
    if (bin < idleBins) this.#addToBin(bin, count);
    else this.#outOfBounds += count;
  }

  /** Lets what was seen count less as time passes, so that a new habit replaces an old one. */
  ageTo(nowMs: number): void {
    const elapsedMs = nowMs - this.#agedAtMs;
    if (elapsedMs < idleAgeingMs) return;
    this.#agedAtMs = nowMs;
    const factor = 0.5 ** (elapsedMs / idleHalfLifeMs);
    this.#outOfBounds = faded(this.#outOfBounds * factor);
    this.#inBounds = 0;
    for (const [bin, count] of this.#counts.entries()) {
      this.#counts[bin] = faded(count * factor);
      this.#inBounds += this.#counts[bin] ?? 0;
    }
  }

  /**
   * The bin below whose upper edge at least this share of all samples lies; undefined where that is
   * out of bounds, or there are no samples.
   */
  binOfShare(share: number): number | undefined {
    const wanted = share * this.samples;
    if (this.samples === 0) return undefined;
    let sum = 0;
    for (const [bin, count] of this.#counts.entries()) {
      sum += count;
      if (count > 0 && sum >= wanted) return bin;
    }
    return undefined;
  }

  /**
   * Of the counts of all bins: high where idle times are alike, 0 where each is as frequent as any
   * other, and the histogram says nothing.
   */
  variation(): number {
    const mean = this.#inBounds / idleBins;
    if (mean === 0) return 0;
    const squares = this.#counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
    return Math.sqrt(squares / idleBins) / mean;
  }

  /** Samples that were longer than this; inside a bin they count as evenly spread. */
  longerThan(idleMs: number): number {
    const position = Math.max(0, idleMs) / idleBinMs;
    const bin = Math.floor(position);
    if (bin >= idleBins) return this.#outOfBounds;
    const rest = this.#counts.subarray(bin + 1).reduce((sum, count) => sum + count, 0);
    const ofBin = (this.#counts[bin] ?? 0) * (bin + 1 - position);
    return ofBin + rest + this.#outOfBounds;
  }

  toStored(): StoredHistogram {
    const bins: [number, number][] = [];
    for (const [bin, count] of this.#counts.entries()) if (count > 0) bins.push([bin, count]);
    return { bins, outOfBounds: this.#outOfBounds, agedAtMs: this.#agedAtMs };
  }

  #addToBin(bin: number, count: number): void {
    this.#counts[bin] = (this.#counts[bin] ?? 0) + count;
    this.#inBounds += count;
  }
}

/** What has faded to next to nothing is nothing: a stored histogram stays small. */
function faded(count: number): number {
  return count < idleCountMin ? 0 : count;
}
