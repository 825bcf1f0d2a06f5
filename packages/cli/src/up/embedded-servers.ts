import { dataPaths } from "../data-directory/data-directory.ts";
import { natsServer } from "../servers/nats.ts";
import { postgresServer } from "../servers/postgres.ts";
import { redisServer } from "../servers/redis.ts";
import type { CommandSettings } from "../settings/command-settings.ts";
import type { ManagedProcess } from "../supervisor/managed-process.ts";
import type { WantedPort } from "./ports.ts";
import { requireProgram } from "./programs.ts";

/** The servers that `paddock up` starts: those that no setting names. */
export const embeddedServerNames = ["nats", "redis", "postgres"] as const;

/** Everything but the Lambda API listens here only. */
export const LOOPBACK = "127.0.0.1";

function isEmbedded(settings: CommandSettings) {
  const isUnset = (name: "natsUrl" | "redisUrl" | "databaseUrl") =>
    settings.get(name) === undefined;
  return { nats: isUnset("natsUrl"), redis: isUnset("redisUrl"), postgres: isUnset("databaseUrl") };
}

type LoopbackPort = "controlPort" | "natsPort" | "redisPort" | "postgresPort";

/** Ports of the whole stack, to be free before anything is started. */
export function wantedPorts(settings: CommandSettings): readonly WantedPort[] {
  const embedded = isEmbedded(settings);
  const loopback = (title: string, setting: LoopbackPort): WantedPort => {
    return { title, setting, host: LOOPBACK, port: settings.require(setting) };
  };
  const host = settings.require("host");
  return [
    { title: "the Lambda API", setting: "port", host, port: settings.require("port") },
    loopback("the control service", "controlPort"),
    ...(embedded.nats ? [loopback("NATS", "natsPort")] : []),
    ...(embedded.redis ? [loopback("Redis", "redisPort")] : []),
    ...(embedded.postgres ? [loopback("PostgreSQL", "postgresPort")] : []),
  ];
}

export interface EmbeddedServersOptions {
  readonly settings: CommandSettings;
  readonly natsPassword: string;
  readonly redisPassword: string;
  readonly setpriv: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly onDatabaseUrl: (url: string) => void;
}

/** Throws UserError when a program is missing. */
export function planEmbeddedServers(options: EmbeddedServersOptions): readonly ManagedProcess[] {
  const { settings, setpriv, environment } = options;
  const embedded = isEmbedded(settings);
  const directory = settings.require("dataDirectory");
  const logsDirectory = dataPaths.logs(directory);
  const common = { setpriv, logsDirectory, environment };
  const path = environment["PATH"];
  const servers: ManagedProcess[] = [];
  if (embedded.nats) {
    const place = { port: settings.require("natsPort"), directory: dataPaths.nats(directory) };
    const program = requireProgram("nats", path);
    servers.push(natsServer({ ...common, ...place, program, password: options.natsPassword }));
  }
  if (embedded.redis) {
    const place = { port: settings.require("redisPort"), directory: dataPaths.redis(directory) };
    const program = requireProgram("redis", path);
    servers.push(redisServer({ ...common, ...place, program, password: options.redisPassword }));
  }
  if (embedded.postgres) {
    const place = {
      port: settings.require("postgresPort"),
      directory: dataPaths.postgres(directory),
    };
    servers.push(postgresServer({ ...place, logsDirectory, onUrl: options.onDatabaseUrl }));
  }
  return servers;
}
