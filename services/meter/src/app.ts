import type { Bus } from "@paddock/bus";
import type { Logger, RunningService } from "@paddock/service-kit";
import type { Database } from "@paddock/store";
import { consumeAccepted, consumeFates, consumeUsage } from "./adapters/bus-records.ts";
import { loggedReport } from "./adapters/logged-report.ts";
import { storeLedger } from "./adapters/store-ledger.ts";
import { LedgerWriter } from "./ledger-writer.ts";

export interface MeterParts {
  /** Connected; its streams exist. The service closes it when it stops. */
  readonly bus: Bus;
  /** Open; the service closes it when it stops. */
  readonly database: Database;
  readonly logger: Logger;
}

/** Resolves when accepted invocations, usage and fates are taken. */
export async function startMeter({ bus, database, logger }: MeterParts): Promise<RunningService> {
  const ledger = storeLedger(database);
  const accepted = new LedgerWriter(ledger.recordAccepted, loggedReport(logger, "accepted"));
  const usage = new LedgerWriter(ledger.recordUsage, loggedReport(logger, "usage"));
  const fates = new LedgerWriter(ledger.recordFates, loggedReport(logger, "fates"));
  const subscriptions = await Promise.all([
    consumeAccepted(bus, (messages) => accepted.handle(messages)),
    consumeUsage(bus, (messages) => usage.handle(messages)),
    consumeFates(bus, (messages) => fates.handle(messages)),
  ]);
  const unhealthyBecause = (): string | undefined => {
    if (!bus.isConnected) return "NATS cannot be reached";
    const isAway = [accepted, usage, fates].some((writer) => writer.isAway);
    return isAway ? "the ledger cannot be written" : undefined;
  };
  return {
    unhealthyBecause,
    async stop() {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      await bus.close();
      await database.close();
    },
  };
}
