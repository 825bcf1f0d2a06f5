import { mkdirSync } from "node:fs";
import { processEnvironment } from "@paddock/service-kit";
import { dataPaths } from "../data-directory/data-directory.ts";
import type { Secrets } from "../data-directory/secrets.ts";
import { compileCacheDirectory } from "../repository.ts";
import { findProgram } from "../servers/server-command.ts";
import type { CommandSettings } from "../settings/command-settings.ts";
import type { ManagedProcess } from "../supervisor/managed-process.ts";
import { nodeService } from "../supervisor/node-service.ts";
import {
  embeddedServerNames,
  LOOPBACK,
  planEmbeddedServers,
  wantedPorts,
} from "./embedded-servers.ts";
import type { WantedPort } from "./ports.ts";
import { requireIsolation, requireNetwork } from "./programs.ts";
import { basicEnvironment, serviceEnvironment } from "./service-environment.ts";
import type { ServiceEntry } from "./service-table.ts";

/**
 * Small young generations: services are many and mostly idle, and V8 lets each grow to 3 × 16 MB
 * before it collects.
 */
const nodeFlags = ["--max-semi-space-size=4"];

export interface Stack {
  readonly processes: readonly ManagedProcess[];
  readonly ports: readonly WantedPort[];
  /** With the addresses of the servers that are started; complete when PostgreSQL runs. */
  readonly settings: () => CommandSettings;
}

/** What `paddock up` runs. Throws UserError when a program is missing. */
export function planStack(
  given: CommandSettings,
  secrets: Secrets,
  services: readonly ServiceEntry[],
): Stack {
  const environment = basicEnvironment(processEnvironment());
  const path = environment["PATH"];
  const isolation = given.require("isolation");
  requireIsolation(isolation, path);
  const reach = given.require("sandboxNetwork");
  const isRoot = process.getuid?.() === 0;
  requireNetwork({ isolation, reach, uplink: given.require("sandboxUplink"), isRoot }, path);
  const { redisPassword, ...supplied } = secrets;
  let settings = given.with({
    ...supplied,
    natsUrl: `nats://${LOOPBACK}:${given.require("natsPort")}`,
    redisUrl: `redis://:${redisPassword}@${LOOPBACK}:${given.require("redisPort")}`,
  });
  const servers = planEmbeddedServers({
    settings: given,
    natsPassword: settings.require("natsPassword"),
    redisPassword,
    setpriv: process.platform === "linux" ? findProgram("setpriv", path) : undefined,
    environment,
    onDatabaseUrl: (databaseUrl) => {
      settings = settings.with({ databaseUrl });
    },
  });
  const started = servers.map(({ name }) => name);
  const context = { started, environment, settings: () => settings };
  return {
    processes: [...servers, ...planServices(services, context)],
    ports: wantedPorts(given),
    settings: context.settings,
  };
}

interface ServicesContext {
  /** Names of the servers that are started here; one that is not runs already. */
  readonly started: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: () => CommandSettings;
}

function planServices(
  services: readonly ServiceEntry[],
  { started, environment, settings }: ServicesContext,
): readonly ManagedProcess[] {
  mkdirSync(compileCacheDirectory, { recursive: true });
  const base = {
    ...environment,
    NODE_COMPILE_CACHE: compileCacheDirectory,
    // glibc would keep a pool of freed memory for each of Node's threads.
    MALLOC_ARENA_MAX: "2",
  };
  const runsAlready = embeddedServerNames.filter((name) => !started.includes(name));
  const dataDirectory = settings().require("dataDirectory");
  return services.map((entry) =>
    nodeService({
      ...entry,
      after: entry.after.filter((name) => !runsAlready.some((server) => server === name)),
      nodeFlags,
      environment: () => serviceEnvironment(entry, settings(), base),
      dataDirectory,
      logsDirectory: dataPaths.logs(dataDirectory),
    }),
  );
}
