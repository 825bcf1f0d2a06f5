/** For tests: what a meter needs, and a peer that sends it records. */
import { randomUUID } from "node:crypto";
import { type Bus, channels, connectBus, ensureStreams, publishDurable } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import { createLogger, type RunningService } from "@paddock/service-kit";
import { type Database, openDatabase, summariseUsage } from "@paddock/store";
import { startNats, startPostgres, type TestServer, usageRecord } from "@paddock/testkit";
import { startMeter } from "./app.ts";

export const natsPassword = "a-password-of-the-tests";

export interface Installation {
  readonly nats: TestServer;
  readonly postgres: TestServer;
  /** The peer's own connections. */
  readonly bus: Bus;
  readonly database: Database;
  connect(): Promise<Bus>;
  startService(): Promise<RunningService>;
  /** Resolves when the stream has them. */
  send(records: UsageRecord[]): Promise<void>;
  /** What of a function is billed. */
  totals(functionName: string): Promise<{ requests: number; billedMs: number }>;
  stop(): Promise<void>;
}

export async function startInstallation(): Promise<Installation> {
  const [nats, postgres] = await Promise.all([
    startNats({ password: natsPassword }),
    startPostgres(),
  ]);
  const connect = () =>
    connectBus({ url: nats.url, user: "paddock", password: natsPassword, name: "test" });
  const open = () => openDatabase({ url: postgres.url, name: "test" });
  const bus = await connect();
  await ensureStreams(bus);
  const database = await open();
  return {
    ...{ nats, postgres, bus, database, connect },
    async startService() {
      const logger = createLogger("meter", "silent");
      return startMeter({ bus: await connect(), database: await open(), logger });
    },
    async send(records) {
      const messageId = randomUUID();
      await publishDurable(bus, channels.usage, {}, { records }, undefined, { messageId });
    },
    async totals(functionName) {
      const [row] = await summariseUsage(database, { functionName });
      return { requests: row?.requests ?? 0, billedMs: row?.billedMs ?? 0 };
    },
    async stop() {
      await Promise.all([bus.close(), database.close()]);
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
}

export function usage(functionName: string, changes: Partial<UsageRecord> = {}): UsageRecord {
  return usageRecord({ functionName, requestId: randomUUID() }, changes);
}
