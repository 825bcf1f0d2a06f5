import type { AsyncInvocation } from "@paddock/contracts";
import { functionArn, type Scope, stableTraceHeader, stableUuid } from "@paddock/lambda-model";
import type { DueTime } from "./agenda.ts";

/** Trigger and due time make the request id: two schedulers ask for the same invocation. */
export function invocationOf(
  { trigger, dueMs }: DueTime,
  scope: Scope,
  nowMs: number,
): AsyncInvocation {
  const { functionName, qualifier, triggerId } = trigger;
  const requestId = stableUuid("schedule-trigger", triggerId, dueMs);
  return {
    requestId,
    functionName,
    ...(qualifier === undefined ? {} : { qualifier }),
    invokedFunctionArn: functionArn(scope, functionName, qualifier),
    trigger: "schedule",
    triggerDetail: triggerId,
    traceHeader: stableTraceHeader(requestId, dueMs),
    acceptedAtMs: nowMs,
  };
}
