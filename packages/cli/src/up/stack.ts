import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { processEnvironment } from "@paddock/service-kit";
import { dataPaths } from "../data-directory/data-directory.ts";
import type { Secrets } from "../data-directory/secrets.ts";
import { natsServer } from "../servers/nats.ts";
import { postgresServer } from "../servers/postgres.ts";
import { redisServer } from "../servers/redis.ts";
import { findProgram } from "../servers/server-command.ts";
import type { CommandSettings } from "../settings/command-settings.ts";
import type { ManagedProcess } from "../supervisor/managed-process.ts";
import { nodeService } from "../supervisor/node-service.ts";
import type { WantedPort } from "./ports.ts";
import { requireIsolation, requireProgram } from "./programs.ts";
import { basicEnvironment, serviceEnvironment } from "./service-environment.ts";
import { serviceTable } from "./service-table.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const compileCache = join(root, "node_modules", ".cache", "paddock", "compile");

/**
 * Small heaps: services are many and mostly idle. A young generation of 2 × 4 MB instead of 2 × 16
 * costs the hot path nothing that could be measured, and keeps memory from growing between collections.
 */
const nodeFlags = ["--max-semi-space-size=4"];

const LOOPBACK = "127.0.0.1";

export interface Stack {
  readonly processes: readonly ManagedProcess[];
  readonly ports: readonly WantedPort[];
  /** With the addresses of the servers that are started; complete when PostgreSQL runs. */
  readonly settings: () => CommandSettings;
}

/** Which servers have to be started: those that no setting names. */
function embeddedServers(settings: CommandSettings) {
  const isOwn = (name: "natsUrl" | "redisUrl" | "databaseUrl") => settings.get(name) === undefined;
  return { nats: isOwn("natsUrl"), redis: isOwn("redisUrl"), postgres: isOwn("databaseUrl") };
}

function wantedPorts(settings: CommandSettings): readonly WantedPort[] {
  const embedded = embeddedServers(settings);
  const loopback = (
    title: string,
    setting: "controlPort" | "natsPort" | "redisPort" | "postgresPort",
  ) => ({
    title,
    setting,
    host: LOOPBACK,
    port: settings.require(setting),
  });
  return [
    {
      title: "the Lambda API",
      setting: "port",
      host: settings.require("host"),
      port: settings.require("port"),
    },
    loopback("the control service", "controlPort"),
    ...(embedded.nats ? [loopback("NATS", "natsPort")] : []),
    ...(embedded.redis ? [loopback("Redis", "redisPort")] : []),
    ...(embedded.postgres ? [loopback("PostgreSQL", "postgresPort")] : []),
  ];
}

/** What `paddock up` runs. Throws UserError when a program is missing. */
export function planStack(given: CommandSettings, secrets: Secrets): Stack {
  const directory = given.require("dataDirectory");
  const logsDirectory = dataPaths.logs(directory);
  const environment = processEnvironment();
  const path = environment["PATH"];
  const base = basicEnvironment(environment);
  const setpriv = process.platform === "linux" ? findProgram("setpriv", path) : undefined;
  const embedded = embeddedServers(given);
  requireIsolation(given.require("isolation"), path);
  const { redisPassword, ...supplied } = secrets;
  const natsPort = given.require("natsPort");
  const redisPort = given.require("redisPort");
  let settings = given.with({
    ...supplied,
    natsUrl: `nats://${LOOPBACK}:${natsPort}`,
    redisUrl: `redis://:${redisPassword}@${LOOPBACK}:${redisPort}`,
  });
  const servers: ManagedProcess[] = [];
  const common = { setpriv, logsDirectory, environment: base };
  if (embedded.nats) {
    const program = requireProgram("nats", path);
    const password = settings.require("natsPassword");
    servers.push(
      natsServer({
        ...common,
        program,
        port: natsPort,
        password,
        directory: dataPaths.nats(directory),
      }),
    );
  }
  if (embedded.redis) {
    const program = requireProgram("redis", path);
    servers.push(
      redisServer({
        ...common,
        program,
        port: redisPort,
        password: redisPassword,
        directory: dataPaths.redis(directory),
      }),
    );
  }
  if (embedded.postgres) {
    const onUrl = (databaseUrl: string) => {
      settings = settings.with({ databaseUrl });
    };
    const port = given.require("postgresPort");
    servers.push(
      postgresServer({ port, directory: dataPaths.postgres(directory), logsDirectory, onUrl }),
    );
  }
  mkdirSync(compileCache, { recursive: true });
  const started = new Set(servers.map(({ name }) => name));
  const isServer = (name: string) => name === "nats" || name === "redis" || name === "postgres";
  const services = serviceTable.map((entry) =>
    nodeService({
      name: entry.name,
      // A server of the user's own runs already.
      after: entry.after.filter((name) => !isServer(name) || started.has(name)),
      stopWave: entry.stopWave,
      program: join(root, "services", entry.name, "src", "main.ts"),
      nodeFlags,
      environment: () =>
        serviceEnvironment(entry, settings, { ...base, NODE_COMPILE_CACHE: compileCache }),
      dataDirectory: directory,
      logsDirectory,
    }),
  );
  return {
    processes: [...servers, ...services],
    ports: wantedPorts(given),
    settings: () => settings,
  };
}
