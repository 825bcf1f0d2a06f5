import type { UsageRecord } from "@paddock/contracts";
import { lostAttempt } from "@paddock/lambda-model";

/** A usage record with everything that has to be there. */
export function usageFixture(requestId: string): UsageRecord {
  return {
    requestId,
    attempt: 1,
    functionName: "hello",
    version: "$LATEST",
    trigger: "invoke-api",
    invocationType: "RequestResponse",
    memoryMb: 128,
    architecture: "x86_64",
    ephemeralStorageMb: 512,
    initMs: 0,
    durationMs: 1.5,
    billedMs: 2,
    peakMemoryMb: 40,
    outcome: "succeeded",
    workerId: "worker-1",
    environmentId: "0123456789abcdef0123456789abcdef",
    isolation: "bubblewrap",
    logGroup: "/aws/lambda/hello",
    logStream: "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef",
    acceptedAtMs: 1,
    startedAtMs: 2,
    finishedAtMs: 3,
  };
}

/** What is written when an attempt begins. */
export function lostFixture(requestId: string): UsageRecord {
  return lostAttempt(usageFixture(requestId), 2);
}
