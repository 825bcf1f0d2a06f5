import type { UsageRecord } from "@paddock/contracts";
import { lostAttempt } from "@paddock/lambda-model";
import { usageRecord } from "@paddock/testkit";

export function usageFixture(requestId: string): UsageRecord {
  return usageRecord({ functionName: "hello", requestId });
}

/** What is written when an attempt begins. */
export function lostFixture(requestId: string): UsageRecord {
  return lostAttempt(usageFixture(requestId), 2);
}
