import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type Bus, openCodeStore } from "@paddock/bus";
import type { Logger, RunningService } from "@paddock/service-kit";
import type { Database } from "@paddock/store";
import type { FastifyInstance } from "fastify";
import { addAdminRoutes } from "./adapters/admin/routes.ts";
import { collectCodeRegularly, type DataPlane, openDataPlane } from "./adapters/data-plane.ts";
import { HeardWorkers } from "./adapters/heard-workers.ts";
import { makeAuthenticate } from "./adapters/http/authenticate.ts";
import { addCodeRoute, makeCodeLink } from "./adapters/http/code-links.ts";
import { addDashboard } from "./adapters/http/dashboard.ts";
import { addLambdaRoutes } from "./adapters/http/lambda/routes.ts";
import { makeServer } from "./adapters/http/server.ts";
import { KnownCredentials } from "./adapters/known-credentials.ts";
import { ObjectCodeArchives } from "./adapters/object-code-archives.ts";
import { storedFunctions } from "./adapters/stored-functions.ts";
import { storedLayers } from "./adapters/stored-layers.ts";
import type { ControlConfig } from "./config.ts";
import type { UrlPlace } from "./core/function-url.ts";
import type { OperationContext } from "./operations/context.ts";
import { KeyedLock } from "./operations/keyed-lock.ts";
import { packageVersion } from "./package-version.ts";

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

const MIB_BYTES = 1024 * 1024;

type AppConfig = Omit<ControlConfig, "natsUrl" | "natsPassword" | "databaseUrl">;

interface Insides {
  readonly credentials: KnownCredentials;
  readonly workers: HeardWorkers;
  readonly code: ObjectCodeArchives;
  readonly dataPlane: DataPlane;
  readonly context: OperationContext;
}

/** Resolves when database and read model agree and the port is open. */
export async function startControl(
  config: AppConfig,
  parts: ControlParts,
): Promise<RunningControl> {
  const insides = await makeInsides(config, parts);
  const stopCollecting = collectCodeRegularly(insides.code, parts.logger);
  const server = makeHttp(config, parts, insides);
  await server.listen({ host: "127.0.0.1", port: config.controlPort });
  const stop = async (): Promise<void> => {
    stopCollecting();
    await server.close();
    await insides.dataPlane.stop();
    insides.workers.stop();
    insides.credentials.stop();
    await parts.bus.close();
    await parts.database.close();
  };
  const unhealthyBecause = () => (parts.bus.isConnected ? undefined : "NATS cannot be reached");
  // `as`: a server that listens on TCP has an AddressInfo.
  return { port: (server.server.address() as AddressInfo).port, stop, unhealthyBecause };
}

async function makeInsides(config: AppConfig, parts: ControlParts): Promise<Insides> {
  const { bus, database } = parts;
  const scope = { region: config.region, accountId: config.accountId };
  const root = rootCredentials(config);
  const credentials = await KnownCredentials.open(bus, root);
  const workers = new HeardWorkers(bus);
  const code = new ObjectCodeArchives(database, openCodeStore(bus));
  const stamp = () => ({ nowMs: Date.now(), newId: randomUUID });
  const store = storedFunctions(database);
  const layers = storedLayers(database);
  const dataPlane = await openDataPlane(parts, { scope, store, stamp });
  const { publicUrl, region } = config;
  const lock = new KeyedLock();
  const context: OperationContext = {
    ...{ scope, store, layers, code, workers, stamp },
    mirror: dataPlane.functions,
    codeLink: makeCodeLink({ publicUrl, region, credentials: root }),
    urls: urlPlace(config),
    account: {
      concurrency: config.accountConcurrency,
      codeBytes: config.codeStorageMb * MIB_BYTES,
    },
    exclusively: (functionName, task) => lock.run(functionName, task),
  };
  return { credentials, workers, code, dataPlane, context };
}

/** On the port of the public URL, under a domain of their own. */
function urlPlace({ publicUrl, functionUrlDomain, region, accountId }: AppConfig): UrlPlace {
  const { protocol, port } = new URL(publicUrl);
  const domain = port === "" ? functionUrlDomain : `${functionUrlDomain}:${port}`;
  return { scope: { region, accountId }, protocol, domain };
}

function rootCredentials(config: AppConfig) {
  return {
    accessKeyId: config.rootAccessKeyId,
    secretAccessKey: config.rootSecretAccessKey,
    principalArn: `arn:aws:iam::${config.accountId}:root`,
    enabled: true,
  };
}

function makeHttp(config: AppConfig, parts: ControlParts, insides: Insides): FastifyInstance {
  const { credentials, workers, code, dataPlane, context } = insides;
  const findCredential = credentials.find;
  const authenticate = makeAuthenticate({ region: config.region, findCredential });
  const server = makeServer(parts.logger, authenticate);
  addLambdaRoutes(server, context, authenticate);
  addCodeRoute(server, code, authenticate);
  addAdminRoutes(server, {
    ...{ bus: parts.bus, database: parts.database, logger: parts.logger },
    ...{ workers, triggers: dataPlane.triggers, scope: context.scope },
    adminToken: config.adminToken,
    keepAlive: {
      keepAlivePolicy: config.keepAlivePolicy,
      idleEnvironmentTimeoutSeconds: config.idleEnvironmentTimeoutSeconds,
    },
    identity: {
      version: packageVersion(),
      publicUrl: config.publicUrl,
      startedAtMs: Date.now(),
    },
  });
  addDashboard(server, parts.dashboardDirectory);
  return server;
}
