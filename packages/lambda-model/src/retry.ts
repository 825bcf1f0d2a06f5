/**
 * When an asynchronous invocation runs again. An event whose next attempt would come after its
 * greatest age is given up at once ("look-ahead"). Source: ../shared/spec/lambda-spec.md §5.1.
 */
import { modelLimits } from "./limits.ts";

export type RetryDecision =
  | { readonly kind: "retry"; readonly atMs: number }
  /** `condition` is the destination record's. */
  | { readonly kind: "give-up"; readonly condition: "RetriesExhausted" | "EventAgeExceeded" };

interface Age {
  readonly nowMs: number;
  /** After this no attempt is begun. */
  readonly expiresAtMs: number;
}

export interface FunctionErrorState extends Age {
  /** Attempts that ended in a function error, the one just ended included: 1 or more. */
  readonly functionErrors: number;
  /** 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** Pause before each retry; the last one holds for all further ones. Default 60, 120. */
  readonly retryDelaysSeconds?: readonly number[];
}

/** After a function error, a timeout or a crash. */
export function nextRetry(state: FunctionErrorState): RetryDecision {
  if (state.functionErrors > state.maximumRetryAttempts) {
    return { kind: "give-up", condition: "RetriesExhausted" };
  }
  const delays = state.retryDelaysSeconds ?? modelLimits.retryDelaysSeconds;
  const seconds = delays[state.functionErrors - 1] ?? delays.at(-1) ?? 0;
  return within(state, seconds * 1000);
}

/**
 * After a throttle or a platform error, which use up no retries: 1 s, 2 s, 4 s … 5 min.
 * `returns` counts how often this event came back so far, the present return included: 1 or more.
 */
export function nextBackoff(state: Age & { readonly returns: number }): RetryDecision {
  // 2 ** 30 is beyond every bound and keeps the product finite.
  const doublings = Math.min(30, Math.max(0, state.returns - 1));
  const pauseMs = modelLimits.backoffFirstMs * 2 ** doublings;
  return within(state, Math.min(modelLimits.backoffLongestMs, pauseMs));
}

function within({ nowMs, expiresAtMs }: Age, pauseMs: number): RetryDecision {
  const atMs = nowMs + pauseMs;
  return atMs > expiresAtMs
    ? { kind: "give-up", condition: "EventAgeExceeded" }
    : { kind: "retry", atMs };
}
