/**
 * What becomes of a queued invocation after an attempt. Source: lambda-spec.md §5.1: function errors
 * use up retries; errors of the platform do not, they wait longer each time until the event is too old.
 */
import type { AttemptOutcome, InvocationJob } from "@paddock/contracts";
import { nextBackoff, nextRetry, type RetryDecision } from "@paddock/lambda-model";
import { isFunctionError } from "./attempt.ts";

export type JobDecision =
  | { readonly kind: "retry"; readonly atMs: number; readonly job: InvocationJob }
  | {
      readonly kind: "end";
      readonly fate: "succeeded" | "failed" | "expired";
      readonly detail?: string;
      /** False: the event was too old before this attempt could begin. */
      readonly begun?: boolean;
    };

export interface JobSituation {
  readonly outcome: AttemptOutcome;
  /** As it was taken: its `nextAttempt` is the attempt that ended now. */
  readonly job: InvocationJob;
  readonly nowMs: number;
  readonly retryDelaysSeconds: readonly number[];
}

export function decideJob(situation: JobSituation): JobDecision {
  const { outcome, job } = situation;
  if (outcome === "succeeded") return { kind: "end", fate: "succeeded" };
  const functionErrors = job.functionErrors + (isFunctionError(outcome) ? 1 : 0);
  const decision = decide(situation, functionErrors);
  if (decision.kind === "retry") {
    const next = { ...job, functionErrors, nextAttempt: job.nextAttempt + 1 };
    return { kind: "retry", atMs: decision.atMs, job: next };
  }
  const fate = decision.condition === "EventAgeExceeded" ? "expired" : "failed";
  return { kind: "end", fate, detail: decision.condition };
}

function decide(situation: JobSituation, functionErrors: number): RetryDecision {
  const { outcome, job, nowMs, retryDelaysSeconds } = situation;
  const age = { nowMs, expiresAtMs: job.expiresAtMs };
  if (!isFunctionError(outcome)) {
    return nextBackoff({ ...age, returns: Math.max(1, job.nextAttempt - functionErrors) });
  }
  const { maximumRetryAttempts } = job;
  return nextRetry({ ...age, functionErrors, maximumRetryAttempts, retryDelaysSeconds });
}
