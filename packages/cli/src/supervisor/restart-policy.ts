import { cliLimits } from "../limits.ts";

/**
 * How long to wait before a process that died is started again: doubling, up to a longest pause,
 * and from the beginning once the process has run for a while.
 */
export interface RestartState {
  /** Deaths in a row without a long enough life in between. */
  readonly deaths: number;
}

export const neverDied: RestartState = { deaths: 0 };

export function nextRestart(
  state: RestartState,
  livedMs: number,
): { readonly state: RestartState; readonly delayMs: number } {
  const before = livedMs >= cliLimits.restartForgetAfterMs ? 0 : state.deaths;
  const delayMs = cliLimits.restartFirstDelayMs * 2 ** Math.min(before, 30);
  return {
    state: { deaths: before + 1 },
    delayMs: Math.min(delayMs, cliLimits.restartLongestDelayMs),
  };
}
