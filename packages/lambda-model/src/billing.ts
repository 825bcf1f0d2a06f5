/**
 * What an attempt costs in the units that AWS bills. INIT counts for every on-demand configuration
 * since 2025-08-01. Source: ../shared/spec/lambda-spec.md §9.
 */
import { limits } from "@paddock/contracts";
import { modelLimits } from "./limits.ts";

/** Fractions of a millisecond that count; finer ones are the noise of subtracting clock readings. */
const FRACTIONS_PER_MS = 1e6;

/**
 * Billed Duration: duration and init together, rounded up to the millisecond, 1 at the least.
 * `initMs` is 0 for a warm environment and where init ran inside the invocation.
 */
export function billedDurationMs(measured: {
  readonly durationMs: number;
  readonly initMs: number;
}): number {
  const totalMs = measured.durationMs + measured.initMs;
  const exactMs = Math.round(totalMs * FRACTIONS_PER_MS) / FRACTIONS_PER_MS;
  return Math.max(modelLimits.billedMsMin, Math.ceil(exactMs));
}

/** GB-seconds of an attempt; a GB is 1,024 MB here. */
export function gbSeconds(attempt: {
  readonly memoryMb: number;
  readonly billedMs: number;
}): number {
  return ((attempt.memoryMb / 1024) * attempt.billedMs) / 1000;
}

/** GB-seconds of the part of /tmp beyond the 512 MB that cost nothing. */
export function ephemeralStorageGbSeconds(attempt: {
  readonly ephemeralStorageMb: number;
  readonly billedMs: number;
}): number {
  const paidMb = Math.max(0, attempt.ephemeralStorageMb - limits.ephemeralStorageMbMin);
  return ((paidMb / 1024) * attempt.billedMs) / 1000;
}
