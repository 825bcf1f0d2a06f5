import { type AsyncInvocation, eventSubject, type NatsTrigger } from "@paddock/contracts";
import type { TranslatedEvent } from "@paddock/event-sources";
import { functionArn, type Scope, stableTraceHeader, stableUuid } from "@paddock/lambda-model";

/**
 * The invocation of one trigger by one event. Event and trigger make the request id, so that an
 * event which is delivered twice asks for the same invocation twice.
 */
export function invocationOf(
  trigger: NatsTrigger,
  event: Pick<TranslatedEvent, "id">,
  received: { readonly path: string; readonly storedAtMs: number },
  scope: Scope,
): AsyncInvocation {
  const { functionName, qualifier } = trigger;
  const requestId = stableUuid("nats-trigger", trigger.triggerId, event.id);
  return {
    requestId,
    functionName,
    ...(qualifier === undefined ? {} : { qualifier }),
    invokedFunctionArn: functionArn(scope, functionName, qualifier),
    trigger: "nats-event",
    triggerDetail: eventSubject(received.path),
    traceHeader: stableTraceHeader(requestId, received.storedAtMs),
    acceptedAtMs: received.storedAtMs,
  };
}
