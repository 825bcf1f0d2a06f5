import {
  type Bus,
  consume,
  consumers,
  type DurableMessage,
  type DurableSubscription,
} from "@paddock/bus";
import { streamsLimits } from "../limits.ts";
import type { ReceivedEvent } from "../ports.ts";

/** Hands batches of the stream EVENTS to a handler, one batch at a time. */
export function consumeEvents(
  bus: Bus,
  handle: (events: readonly ReceivedEvent[]) => Promise<void>,
): Promise<DurableSubscription> {
  return consume(bus, consumers.streams, {
    batch: streamsLimits.batchEvents,
    handler: (messages) => handle(messages.map(received)),
  });
}

function received(message: DurableMessage<{ readonly path: string }, undefined>): ReceivedEvent {
  return {
    path: message.address.path,
    payload: message.payload,
    streamSequence: message.streamSequence,
    storedAtMs: message.storedAtMs,
    ack: () => message.ack(),
    retry: (delayMs) => message.nak(delayMs),
    extend: () => message.extend(),
  };
}
