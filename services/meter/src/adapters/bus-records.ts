import {
  type Bus,
  consume,
  consumers,
  type DurableConsumer,
  type DurableMessage,
  type DurableSubscription,
} from "@paddock/bus";
import type { AsyncInvocation, FateRecord, UsageRecord } from "@paddock/contracts";
import { meterLimits } from "../limits.ts";
import type { LedgerMessage } from "../ports.ts";

export type Handle<Row> = (messages: readonly LedgerMessage<Row>[]) => Promise<void>;

/** Accepted invocations; their events' payloads are dropped here. */
export function consumeAccepted(
  bus: Bus,
  handle: Handle<AsyncInvocation>,
): Promise<DurableSubscription> {
  return consumeRows(bus, consumers.meter, (document) => [document], handle);
}

export function consumeUsage(bus: Bus, handle: Handle<UsageRecord>): Promise<DurableSubscription> {
  return consumeRows(bus, consumers.meterUsage, ({ records }) => records, handle);
}

export function consumeFates(bus: Bus, handle: Handle<FateRecord>): Promise<DurableSubscription> {
  return consumeRows(bus, consumers.meterFate, ({ records }) => records, handle);
}

function consumeRows<Address extends object, Document, Row>(
  bus: Bus,
  consumer: DurableConsumer<Address, Document>,
  rowsOf: (document: Document) => readonly Row[],
  handle: Handle<Row>,
): Promise<DurableSubscription> {
  const received = (message: DurableMessage<Address, Document>): LedgerMessage<Row> => ({
    rows: rowsOf(message.document),
    redeliveries: message.redeliveries,
    ack: () => message.ack(),
    retry: (delayMs) => message.nak(delayMs),
  });
  return consume(bus, consumer, {
    batch: meterLimits.batchMessages,
    handler: (messages) => handle(messages.map(received)),
  });
}
