import type { Bus } from "@paddock/bus";
import type { Logger, RunningService } from "@paddock/service-kit";
import type { Database } from "@paddock/store";
import { postgresLedger } from "./adapters/postgres-ledger.ts";
import { startIntake } from "./intake.ts";

export interface MeterParts {
  readonly bus: Bus;
  readonly database: Database;
  readonly logger: Logger;
}

export async function startMeter({ bus, database, logger }: MeterParts): Promise<RunningService> {
  const subscriptions = await startIntake({ bus, ledger: postgresLedger(database), logger });
  return {
    async stop() {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      await bus.close();
      await database.close();
    },
    unhealthyBecause: () => (bus.isConnected ? undefined : "NATS is away"),
  };
}
