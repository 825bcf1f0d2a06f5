import {
  type AsyncConfig,
  type AsyncInvocation,
  type FateRecord,
  type InvocationJob,
  limits,
} from "@paddock/contracts";
import { resolveQualifier } from "@paddock/lambda-model";
import { routerLimits } from "../limits.ts";
import type { FunctionLookup } from "../ports.ts";

/** What becomes of one accepted event. */
export type AcceptedDecision =
  | { readonly kind: "enqueue"; readonly job: InvocationJob }
  /** It ends here, without an attempt. */
  | { readonly kind: "fate"; readonly fate: FateRecord }
  /** Its function is not known yet: ask again soon. */
  | { readonly kind: "later" };

export interface AcceptedEvent {
  readonly invocation: AsyncInvocation;
  readonly event: Uint8Array;
  readonly nowMs: number;
  /** 0 ≤ x < 1: which version of a weighted alias takes this event. */
  readonly random: () => number;
}

const defaultConfig: AsyncConfig = {
  maximumRetryAttempts: limits.asyncRetryAttemptsDefault,
  maximumEventAgeSeconds: limits.asyncEventAgeSecondsDefault,
};

export function decideAccepted(
  functions: FunctionLookup,
  accepted: AcceptedEvent,
): AcceptedDecision {
  const { invocation, nowMs } = accepted;
  const { functionName, qualifier } = invocation;
  const record = functions.getFunction(functionName);
  const version = record && resolveQualifier(record, qualifier, accepted.random);
  if (
    record === undefined ||
    version === undefined ||
    !functions.getVersion(functionName, version)
  ) {
    const isYoung = nowMs - invocation.acceptedAtMs < routerLimits.unknownFunctionGraceMs;
    if (isYoung) return { kind: "later" };
    return {
      kind: "fate",
      fate: fate(invocation, nowMs, "dropped", goneText(record !== undefined)),
    };
  }
  const { asyncConfigs, reservedConcurrency } = record;
  const config = Object.hasOwn(asyncConfigs, qualifier ?? "$LATEST")
    ? (asyncConfigs[qualifier ?? "$LATEST"] ?? defaultConfig)
    : defaultConfig;
  const expiresAtMs = invocation.acceptedAtMs + config.maximumEventAgeSeconds * 1000;
  if (expiresAtMs <= nowMs) {
    return { kind: "fate", fate: fate(invocation, nowMs, "expired", "EventAgeExceeded") };
  }
  // AWS sends these to the destination at once. Source: ../shared/spec/lambda-spec.md §5.
  if (reservedConcurrency === 0) {
    return { kind: "fate", fate: fate(invocation, nowMs, "failed", "ZeroReservedConcurrency") };
  }
  return {
    kind: "enqueue",
    job: {
      invocation,
      version,
      event: Buffer.from(accepted.event).toString("utf8"),
      maximumRetryAttempts: config.maximumRetryAttempts,
      expiresAtMs,
      nextAttempt: 1,
      functionErrors: 0,
    },
  };
}

function goneText(functionExists: boolean): string {
  return functionExists ? "the version or alias does not exist" : "the function does not exist";
}

function fate(
  { requestId, functionName }: AsyncInvocation,
  decidedAtMs: number,
  kind: FateRecord["fate"],
  detail: string,
): FateRecord {
  return { requestId, functionName, fate: kind, detail, attempts: 0, decidedAtMs };
}

/** The fate of a queued job that nobody will run any more. */
export function droppedJob(job: InvocationJob, nowMs: number, detail: string): FateRecord {
  const { requestId, functionName } = job.invocation;
  const attempts = job.nextAttempt - 1;
  return { requestId, functionName, fate: "dropped", detail, attempts, decidedAtMs: nowMs };
}
