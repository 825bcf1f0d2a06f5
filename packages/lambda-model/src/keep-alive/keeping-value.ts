/**
 * What an idle environment is worth: the cold start that keeping it will probably save, for each MB
 * that it holds. The greedy rule (evict the least first) is that of Greedy-Dual-Size-Frequency, which
 * FaasCache (Fuerst and Sharma, ASPLOS 2021) uses for environments; in place of its frequency and
 * ageing clock stands how probable the next use is after so long an idle time.
 */
import { modelLimits } from "../limits.ts";
import type { IdleHistogram } from "./idle-histogram.ts";

export interface IdleEnvironmentFigures {
  readonly idleForMs: number;
  /** What making another one would take; 0: not known. */
  readonly startMs: number;
  readonly memoryMb: number;
  /** Undefined: nothing is known of the function. */
  readonly histogram: IdleHistogram | undefined;
}

export function keepingValue(figures: IdleEnvironmentFigures): number {
  const { startMs, memoryMb, histogram, idleForMs } = figures;
  const savedMs = startMs > 0 ? startMs : modelLimits.unknownStartMs;
  return (savedMs * reuseProbability(histogram, idleForMs)) / Math.max(1, memoryMb);
}

/**
 * Probability that an environment that has been idle for so long is used within the horizon. A few
 * imagined samples, by which the chance falls with the time already idle, stand for what is not known.
 */
export function reuseProbability(
  histogram: IdleHistogram | undefined,
  idleForMs: number,
  withinMs: number = modelLimits.reuseHorizonMs,
): number {
  const imagined = modelLimits.imaginedSamples;
  const prior = withinMs / (withinMs + Math.max(0, idleForMs));
  const still = histogram?.longerThan(idleForMs) ?? 0;
  const soon = still - (histogram?.longerThan(idleForMs + withinMs) ?? 0);
  return (soon + imagined * prior) / (still + imagined);
}
