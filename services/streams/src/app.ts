import { type Bus, openTriggers } from "@paddock/bus";
import type { Logger, RunningService } from "@paddock/service-kit";
import { BusAccepted } from "./adapters/bus-accepted.ts";
import { consumeEvents } from "./adapters/bus-events.ts";
import { loggedReport } from "./adapters/logged-report.ts";
import type { StreamsConfig } from "./config.ts";
import { TriggerBook } from "./core/trigger-book.ts";
import { EventIntake } from "./event-intake.ts";

export interface StreamsParts {
  /** Connected; its streams and buckets exist. The service closes it when it stops. */
  readonly bus: Bus;
  readonly logger: Logger;
}

/** Resolves when the triggers are known and events are taken. */
export async function startStreams(
  { region, accountId }: Pick<StreamsConfig, "region" | "accountId">,
  { bus, logger }: StreamsParts,
): Promise<RunningService> {
  const triggers = new TriggerBook();
  const watch = await openTriggers(bus).watch(({ key, value }) => triggers.set(key, value));
  const intake = new EventIntake({
    triggers,
    accepted: new BusAccepted(bus),
    report: loggedReport(logger),
    scope: { region, accountId },
  });
  const subscription = await consumeEvents(bus, (events) => intake.handle(events));
  logger.info({ triggers: triggers.size }, "takes events");
  return {
    unhealthyBecause: () => (bus.isConnected ? undefined : "NATS cannot be reached"),
    async stop() {
      watch.stop();
      intake.stop();
      await subscription.stop();
      await bus.close();
    },
  };
}
