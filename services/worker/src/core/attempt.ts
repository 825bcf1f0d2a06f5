/**
 * What one attempt to run one invocation came to, and its usage record.
 * Source: lambda-spec.md §2.3, §2.4, §9.
 */
import type {
  AsyncInvocation,
  AttemptOutcome,
  ColdStart,
  SyncInvocation,
  UsageRecord,
  VersionRecord,
} from "@paddock/contracts";
import {
  attemptBeginning,
  type AttemptBeginning,
  type AttemptPlace,
  billedDurationMs,
} from "@paddock/lambda-model";

/** One attempt as the environment gets it, from either lane. */
export interface AttemptRequest {
  readonly invocation: SyncInvocation | AsyncInvocation;
  readonly invocationType: "RequestResponse" | "Event";
  /** 1 for the first. */
  readonly attempt: number;
  readonly event: Uint8Array;
  readonly clientContext?: string;
  readonly wantsLogTail: boolean;
}

export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  /** The function's answer, or the error document. */
  readonly payload: Uint8Array;
  readonly errorType?: string;
  readonly durationMs: number;
  /** 0 where the environment was ready before this invocation. */
  readonly initMs: number;
  readonly billedMs: number;
  readonly peakMemoryMb: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** What is known of it after the attempt; absent where its environment was ready. */
  readonly coldStart?: ColdStart;
}

export interface EnvironmentFacts extends AttemptPlace {
  readonly version: VersionRecord;
}

const errorMessageCharacters = 1024;

export function isFunctionError(outcome: AttemptOutcome): boolean {
  return outcome !== "succeeded" && outcome !== "platform-error";
}

export function beginningOf(
  { invocation, invocationType, attempt }: AttemptRequest,
  { version, ...place }: EnvironmentFacts,
): AttemptBeginning {
  return attemptBeginning({ invocation, invocationType, attempt, version, place });
}

export function usageRecord(beginning: AttemptBeginning, result: AttemptResult): UsageRecord {
  return {
    ...beginning,
    initMs: result.initMs,
    durationMs: result.durationMs,
    billedMs: result.billedMs,
    peakMemoryMb: result.peakMemoryMb,
    outcome: result.outcome,
    ...errorFields(result),
    startedAtMs: result.startedAtMs,
    finishedAtMs: result.finishedAtMs,
    ...(result.coldStart === undefined ? {} : { coldStart: result.coldStart }),
  };
}

function errorFields(result: AttemptResult): { errorType?: string; errorMessage?: string } {
  if (result.outcome === "succeeded") return {};
  const message = errorMessageOf(result.payload);
  return {
    ...(result.errorType === undefined ? {} : { errorType: result.errorType.slice(0, 256) }),
    ...(message === undefined ? {} : { errorMessage: message }),
  };
}

/** The error document comes from the function: it may be anything, of any size up to the limit. */
function errorMessageOf(payload: Uint8Array): string | undefined {
  if (payload.length > 64 * 1024) return undefined;
  try {
    const document: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
    if (typeof document !== "object" || document === null || !("errorMessage" in document)) {
      return undefined;
    }
    return String(document.errorMessage).slice(0, errorMessageCharacters);
  } catch {
    return undefined;
  }
}

/** To a hundredth, which is what records and logs show. */
export function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Platform errors are ours and cost nothing. */
export function billedMsOf(outcome: AttemptOutcome, durationMs: number, initMs: number): number {
  return outcome === "platform-error" ? 0 : billedDurationMs({ durationMs, initMs });
}
