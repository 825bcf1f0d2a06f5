import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { type Bus, openCodeStore } from "@paddock/bus";
import type { Logger, RunningService } from "@paddock/service-kit";
import type { Database } from "@paddock/store";
import { addAdminRoutes } from "./adapters/admin/routes.ts";
import { HeardWorkers } from "./adapters/heard-workers.ts";
import { makeAuthenticate } from "./adapters/http/authenticate.ts";
import { addCodeRoute, makeCodeLink } from "./adapters/http/code-links.ts";
import { addDashboard } from "./adapters/http/dashboard.ts";
import { addLambdaRoutes } from "./adapters/http/lambda-routes.ts";
import { makeServer } from "./adapters/http/server.ts";
import { KnownCredentials } from "./adapters/known-credentials.ts";
import { KvReadModel } from "./adapters/kv-read-model.ts";
import { ObjectCodeArchives } from "./adapters/object-code-archives.ts";
import { storedFunctions } from "./adapters/stored-functions.ts";
import { TriggerMirror } from "./adapters/trigger-mirror.ts";
import type { ControlConfig } from "./config.ts";
import { controlLimits } from "./limits.ts";
import type { OperationContext } from "./operations/context.ts";
import { FunctionMirror } from "./operations/function-mirror.ts";
import { KeyedLock } from "./operations/keyed-lock.ts";

export interface ControlParts {
  /** Connected; its streams and buckets exist. Control closes it when it stops. */
  readonly bus: Bus;
  /** Open; control closes it when it stops. */
  readonly database: Database;
  readonly logger: Logger;
  /** Built files of the dashboard; may be missing. */
  readonly dashboardDirectory: string;
}

export interface RunningControl extends RunningService {
  /** The port that was bound: the configured one, or any free one for 0. */
  readonly port: number;
}

type AppConfig = Omit<ControlConfig, "natsUrl" | "natsPassword" | "databaseUrl">;

/** Resolves when database and read model agree and the port is open. */
export async function startControl(
  config: AppConfig,
  parts: ControlParts,
): Promise<RunningControl> {
  const { bus, database, logger } = parts;
  const scope = { region: config.region, accountId: config.accountId };
  const root = {
    accessKeyId: config.rootAccessKeyId,
    secretAccessKey: config.rootSecretAccessKey,
    principalArn: `arn:aws:iam::${config.accountId}:root`,
    enabled: true,
  };
  const credentials = await KnownCredentials.open(bus, root);
  const workers = new HeardWorkers(bus);
  const code = new ObjectCodeArchives(database, openCodeStore(bus));
  const stamp = () => ({ nowMs: Date.now(), newId: randomUUID });
  const store = storedFunctions(database);
  const mirror = new FunctionMirror({
    scope,
    store,
    stamp,
    readModel: new KvReadModel(bus),
    onFailure: (functionName, error) =>
      logger.warn({ functionName, error }, "a function could not be mirrored; trying again"),
  });
  const triggers = new TriggerMirror(bus, database, (triggerId, error) =>
    logger.warn({ triggerId, error }, "a trigger could not be mirrored; trying again"),
  );
  const reconcile = () => Promise.all([mirror.reconcile(), triggers.reconcile()]);
  await reconcile();
  // A server that comes back may have lost what it held.
  const offReconnect = bus.onReconnect(() => {
    reconcile().catch((error: unknown) => logger.error({ error }, "reconciliation failed"));
  });
  const collecting = collectRegularly(code, logger);

  const authenticate = makeAuthenticate({
    region: config.region,
    findCredential: credentials.find,
  });
  const server = makeServer(logger, authenticate);
  const lock = new KeyedLock();
  const codeLink = makeCodeLink({
    publicUrl: config.publicUrl,
    region: config.region,
    credentials: root,
  });
  const context: OperationContext = {
    ...{ scope, store, code, workers, mirror, stamp, codeLink },
    exclusively: (functionName, task) => lock.run(functionName, task),
  };
  addLambdaRoutes(server, context, authenticate);
  addCodeRoute(server, code, authenticate);
  const identity = { version: VERSION, publicUrl: config.publicUrl, startedAtMs: Date.now() };
  const { adminToken } = config;
  addAdminRoutes(server, {
    ...{ bus, database, workers, triggers, logger, scope, adminToken, identity },
  });
  addDashboard(server, parts.dashboardDirectory);
  await server.listen({ host: "127.0.0.1", port: config.controlPort });

  const stop = async (): Promise<void> => {
    offReconnect();
    clearInterval(collecting);
    await server.close();
    await Promise.all([mirror.stop(), triggers.stop()]);
    workers.stop();
    credentials.stop();
    await bus.close();
    await database.close();
  };
  const unhealthyBecause = () => (bus.isConnected ? undefined : "NATS cannot be reached");
  // `as`: a server that listens on TCP has an AddressInfo.
  return { port: (server.server.address() as AddressInfo).port, stop, unhealthyBecause };
}

function collectRegularly(code: ObjectCodeArchives, logger: Logger): NodeJS.Timeout {
  const collect = () => {
    code.collectUnused().then(
      (removed) => {
        if (removed > 0) logger.info({ removed }, "removed code that no function uses");
      },
      (error: unknown) => logger.warn({ error }, "unused code could not be removed"),
    );
  };
  collect();
  const timer = setInterval(collect, controlLimits.collectCodeEveryMs);
  timer.unref();
  return timer;
}

const VERSION = String(
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version,
);
