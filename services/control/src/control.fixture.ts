import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, connectBus, ensureStreams } from "@paddock/bus";
import { createLogger } from "@paddock/service-kit";
import { type Database, openDatabase } from "@paddock/store";
import { startNats, startPostgres, type TestServer } from "@paddock/testkit";
import { type RunningControl, startControl } from "./app.ts";
import type { ControlConfig } from "./config.ts";

/** Control on a real PostgreSQL and a real NATS, for tests. */
export const region = "us-east-1";
export const accountId = "000000000000";
export const credentials = {
  accessKeyId: "AKIAPADDOCKTESTROOT0",
  secretAccessKey: "a-secret-of-the-tests-only",
};
export const adminToken = "admin-token-of-the-tests";

export interface TestControl {
  readonly url: string;
  readonly nats: TestServer;
  readonly postgres: TestServer;
  /** The test's own connections, as another process would have them. */
  readonly bus: Bus;
  readonly database: Database;
  readonly dashboardDirectory: string;
  /** Ends control and starts it again on the same data and another port. */
  restart(): Promise<void>;
  stopControl(): Promise<void>;
  stop(): Promise<void>;
}

/** Settings of the account that a test has its own of. */
export type TestSettings = Partial<Pick<ControlConfig, "accountConcurrency" | "codeStorageMb">>;

export async function startTestControl(settings: TestSettings = {}): Promise<TestControl> {
  const [nats, postgres] = await Promise.all([startNats(), startPostgres()]);
  const dashboardDirectory = await mkdtemp(join(tmpdir(), "paddock-dashboard-"));
  const database = await openDatabase({ url: postgres.url, name: "test" });
  const bus = await connectBus({ url: nats.url, name: "test" });
  await ensureStreams(bus);
  const start = () => begin(nats.url, postgres.url, dashboardDirectory, settings);
  let control: RunningControl | undefined = await start();
  const stopControl = async () => {
    await control?.stop();
    control = undefined;
  };
  return {
    get url() {
      return `http://127.0.0.1:${control?.port ?? 0}`;
    },
    ...{ nats, postgres, bus, database, dashboardDirectory, stopControl },
    async restart() {
      await stopControl();
      control = await start();
    },
    async stop() {
      await stopControl();
      await bus.close();
      await database.close();
      await Promise.all([nats.stop(), postgres.stop()]);
      await rm(dashboardDirectory, { recursive: true });
    },
  };
}

async function begin(
  natsUrl: string,
  databaseUrl: string,
  dashboardDirectory: string,
  settings: TestSettings,
) {
  const config: Parameters<typeof startControl>[0] = {
    controlPort: 0,
    publicUrl: "http://paddock.test:4574",
    functionUrlDomain: "localhost",
    ...{ region, accountId, adminToken },
    ...{ keepAlivePolicy: "fixed", idleEnvironmentTimeoutSeconds: 600 },
    ...{ accountConcurrency: 1000, codeStorageMb: 307_200, ...settings },
    rootAccessKeyId: credentials.accessKeyId,
    rootSecretAccessKey: credentials.secretAccessKey,
  };
  const bus = await connectBus({ url: natsUrl, name: "control" });
  const database = await openDatabase({ url: databaseUrl, name: "control" });
  const logger = createLogger("control", "silent");
  return startControl(config, { bus, database, logger, dashboardDirectory });
}
