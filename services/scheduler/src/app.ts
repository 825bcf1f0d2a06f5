import { type Bus, openTriggers } from "@paddock/bus";
import type { Logger, RunningService } from "@paddock/service-kit";
import { BusAccepted } from "./adapters/bus-accepted.ts";
import { busFiringMemory } from "./adapters/bus-firing-memory.ts";
import { loggedReport } from "./adapters/logged-report.ts";
import { systemClock } from "./adapters/system-clock.ts";
import { Alarm } from "./alarm.ts";
import type { SchedulerConfig } from "./config.ts";
import type { Clock } from "./ports.ts";

export interface SchedulerParts {
  /** Connected; its streams and buckets exist. The service closes it when it stops. */
  readonly bus: Bus;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** Resolves when the schedules are known and what was just missed is being fired. */
export async function startScheduler(
  { region, accountId }: Pick<SchedulerConfig, "region" | "accountId">,
  { bus, logger, clock = systemClock }: SchedulerParts,
): Promise<RunningService> {
  const firings = await busFiringMemory(bus, (error) =>
    logger.warn({ error }, "a firing could not be remembered"),
  );
  const alarm = new Alarm({
    accepted: new BusAccepted(bus),
    clock,
    memory: firings.memory,
    report: loggedReport(logger),
    scope: { region, accountId },
  });
  const watch = await openTriggers(bus).watch(({ key, value }) => alarm.set(key, value));
  alarm.start();
  logger.info({ schedules: alarm.schedules }, "watches schedules");
  return {
    unhealthyBecause: () => (bus.isConnected ? undefined : "NATS cannot be reached"),
    async stop() {
      watch.stop();
      await alarm.stop();
      firings.stop();
      await bus.close();
    },
  };
}
