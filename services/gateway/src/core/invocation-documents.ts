import type { AsyncInvocation, SyncInvocation, TriggerKind } from "@paddock/contracts";
import type { InvocationOptions } from "./invocation-options.ts";
import type { ResolvedFunction } from "./resolve-function.ts";

/** What is the same for an invocation however it came in. */
export interface Arrival {
  readonly requestId: string;
  readonly trigger: TriggerKind;
  readonly triggerDetail?: string;
  readonly traceHeader: string;
  readonly acceptedAtMs: number;
}

export function asyncInvocationOf(arrival: Arrival, resolved: ResolvedFunction): AsyncInvocation {
  const { functionName, invokedFunctionArn, qualifier } = resolved;
  return {
    ...arrival,
    functionName,
    invokedFunctionArn,
    ...(qualifier === undefined ? {} : { qualifier }),
  };
}

/** `startAllowanceMs`: how long the invocation may wait before nobody starts it any more. */
export function syncInvocationOf(
  arrival: Arrival,
  resolved: ResolvedFunction,
  options: Pick<InvocationOptions, "clientContext" | "wantsLogTail">,
  startAllowanceMs: number,
): SyncInvocation {
  const { functionName, invokedFunctionArn, version } = resolved;
  const { clientContext, wantsLogTail } = options;
  return {
    ...arrival,
    functionName,
    invokedFunctionArn,
    target: { functionName, version: version.version, configId: version.configId },
    ...(clientContext === undefined ? {} : { clientContext }),
    wantsLogTail,
    triedWorkerIds: [],
    expiresAtMs: arrival.acceptedAtMs + startAllowanceMs,
  };
}
