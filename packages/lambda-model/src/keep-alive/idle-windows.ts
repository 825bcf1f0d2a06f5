/**
 * How long an idle environment is kept, and when one is made anew before it is needed.
 *
 * Where idle times of a function are alike, 95 % of them are longer than the head and 99 % shorter
 * than the tail. Environments are let go early where the head is far away, and one is made again
 * shortly before it; they are kept until shortly after the tail. Where the histogram does not
 * represent the function (few samples, many beyond its range, or spread evenly), a fixed time-out
 * holds. The paper's third branch, a time series forecast (ARIMA) for idle times beyond the range
 * of four hours, is left out: a cold start every few hours is cheaper than a forecasting library.
 */
import { modelLimits } from "../limits.ts";
import type { IdleHistogram } from "./idle-histogram.ts";

/** Both counted from the moment from which the function was idle. */
export interface IdleWindows {
  /** 0: kept all the time; otherwise let go, and made again after this. */
  readonly preWarmAfterMs: number;
  readonly keepUntilMs: number;
}

export function fixedWindows(timeoutMs: number): IdleWindows {
  return { preWarmAfterMs: 0, keepUntilMs: timeoutMs };
}

/** What the histogram says; undefined where it does not represent the function. */
export function learnedWindows(histogram: IdleHistogram): IdleWindows | undefined {
  if (histogram.samples < modelLimits.idleSamplesMin) return undefined;
  if (histogram.outOfBoundsShare > modelLimits.idleOutOfBoundsMax) return undefined;
  if (histogram.variation() < modelLimits.idleVariationMin) return undefined;
  const { idleBinMs, idleBins, idleMargin } = modelLimits;
  const headBin = histogram.binOfShare(modelLimits.idleHeadShare) ?? 0;
  const tailBin = histogram.binOfShare(modelLimits.idleTailShare) ?? idleBins - 1;
  const preWarmAfterMs = Math.round(headBin * idleBinMs * (1 - idleMargin));
  const keepUntilMs = Math.round((tailBin + 1) * idleBinMs * (1 + idleMargin));
  const isWorthIt = preWarmAfterMs - modelLimits.idleLingerMs >= modelLimits.idleGapMsMin;
  return { preWarmAfterMs: isWorthIt ? preWarmAfterMs : 0, keepUntilMs };
}

/**
 * How long one idle environment is kept. Before a gap it lingers for a bin's width, of which the
 * histogram knows nothing: somebody who tries a function by hand calls it again within seconds.
 * `isPreWarmed`: it was made to wait for an invocation, and none has come yet.
 */
export function idleLimitMs(windows: IdleWindows, isPreWarmed: boolean): number {
  const { preWarmAfterMs, keepUntilMs } = windows;
  if (isPreWarmed) return keepUntilMs - preWarmAfterMs;
  return preWarmAfterMs > 0 ? modelLimits.idleLingerMs : keepUntilMs;
}
