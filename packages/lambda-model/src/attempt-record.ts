/**
 * What the usage record of an attempt says before the attempt has ended, and all that it says of
 * one whose worker died.
 */
import {
  type AsyncInvocation,
  type SyncInvocation,
  type UsageRecord,
  type VersionRecord,
  workerLost,
} from "@paddock/contracts";

/** Where an attempt runs. */
export type AttemptPlace = Pick<
  UsageRecord,
  "workerId" | "environmentId" | "isolation" | "logStream" | "coldStart"
>;

export interface BegunAttempt {
  readonly invocation: SyncInvocation | AsyncInvocation;
  readonly invocationType: UsageRecord["invocationType"];
  /** 1 for the first. */
  readonly attempt: number;
  readonly version: VersionRecord;
  readonly place: AttemptPlace;
}

/** What is the same in every usage record of the attempt, however it ends. */
export type AttemptBeginning = Omit<
  UsageRecord,
  | "initMs"
  | "durationMs"
  | "billedMs"
  | "peakMemoryMb"
  | "outcome"
  | "errorType"
  | "errorMessage"
  | "startedAtMs"
  | "finishedAtMs"
>;

/** Of an attempt that only its worker could have told of. */
export const unknownPlace: AttemptPlace = {
  workerId: "unknown",
  environmentId: "0".repeat(32),
  isolation: "unknown",
  logStream: "",
};

export function attemptBeginning(attempt: BegunAttempt): AttemptBeginning {
  const { invocation, version, place } = attempt;
  const { coldStart, ...where } = place;
  return {
    requestId: invocation.requestId,
    attempt: attempt.attempt,
    functionName: version.functionName,
    version: version.version,
    trigger: invocation.trigger,
    ...(invocation.triggerDetail === undefined ? {} : { triggerDetail: invocation.triggerDetail }),
    invocationType: attempt.invocationType,
    memoryMb: version.memoryMb,
    architecture: version.architecture,
    ephemeralStorageMb: version.ephemeralStorageMb,
    ...where,
    logGroup: version.logging.group,
    ...(coldStart === undefined ? {} : { coldStart }),
    acceptedAtMs: invocation.acceptedAtMs,
  };
}

/**
 * Its figures are 0, for nobody knows them, and it is not billed: the platform is to blame.
 * `startedAtMs`: when it began; where only its worker knew that, when it was missed.
 */
export function lostAttempt(beginning: AttemptBeginning, startedAtMs: number): UsageRecord {
  return {
    ...beginning,
    initMs: 0,
    durationMs: 0,
    billedMs: 0,
    peakMemoryMb: 0,
    outcome: "platform-error",
    errorType: workerLost,
    errorMessage: "The worker was lost while it had the invocation.",
    startedAtMs,
    finishedAtMs: startedAtMs,
  };
}
