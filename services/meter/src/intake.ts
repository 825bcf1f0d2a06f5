/**
 * From the streams to the ledger: a batch is acknowledged after its transaction. A batch that the
 * database did not take comes again, later each time, so nothing is lost while it is away; one that
 * was stored and not acknowledged comes again too, and counts once by its keys.
 */
import {
  type Bus,
  consume,
  consumers,
  type DurableConsumer,
  type DurableMessage,
  type DurableSubscription,
} from "@paddock/bus";
import type { Logger } from "@paddock/service-kit";
import { retryPauseMs } from "./core/retry-pause.ts";
import { limits } from "./limits.ts";
import type { Ledger } from "./ports.ts";

export interface IntakeOptions {
  readonly bus: Bus;
  readonly ledger: Ledger;
  readonly logger: Logger;
}

export async function startIntake(options: IntakeOptions): Promise<DurableSubscription[]> {
  const { ledger } = options;
  return Promise.all([
    take(options, consumers.meter, limits.acceptedBatchMessages, (documents) =>
      ledger.recordAccepted(documents),
    ),
    take(options, consumers.meterUsage, limits.batchMessages, (documents) =>
      ledger.recordUsage(documents.flatMap(({ records }) => records)),
    ),
    take(options, consumers.meterFate, limits.batchMessages, (documents) =>
      ledger.recordFates(documents.flatMap(({ records }) => records)),
    ),
  ]);
}

function take<A extends object, Document>(
  { bus, logger }: IntakeOptions,
  consumer: DurableConsumer<A, Document>,
  batch: number,
  store: (documents: Document[]) => Promise<void>,
): Promise<DurableSubscription> {
  return consume(bus, consumer, {
    batch,
    async handler(messages) {
      try {
        await store(messages.map(({ document }) => document));
      } catch (error) {
        logger.error({ error, consumer: consumer.name, messages: messages.length }, "not stored");
        comeAgain(messages);
        return;
      }
      for (const message of messages) message.ack();
    },
  });
}

function comeAgain<A extends object, Document>(
  messages: readonly DurableMessage<A, Document>[],
): void {
  for (const message of messages) message.nak(retryPauseMs(message.redeliveries));
}
