import { z } from "zod";
import { tcpPort, urlOf } from "../schemas.ts";
import type { SettingWithDefault, SuppliedSetting } from "../setting.ts";

/** Named because publicUrl's default is made from them. */
export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 4574;

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function port(value: number, help: string): SettingWithDefault<typeof tcpPort> {
  return {
    presence: "default",
    schema: tcpPort,
    group: "network",
    help,
    valueName: "port",
    fallback: () => value,
  };
}

const httpUrl = urlOf("http", "https");
const redisUrl = urlOf("redis", "rediss");
const natsUrl = urlOf("nats", "tls");
const databaseUrl = urlOf("postgres", "postgresql");
const hostName = z
  .string("must be a host name or an address")
  .regex(/^[\w.:-]+$/, "must be a host name or an address");

export const networkSettings = {
  host: {
    presence: "default",
    schema: hostName,
    group: "network",
    help: "Address that the Lambda API listens on. Anything but a loopback address lets other machines in.",
    valueName: "address",
    fallback: () => DEFAULT_HOST,
  } satisfies SettingWithDefault<typeof hostName>,
  port: port(DEFAULT_PORT, "Port of the Lambda API and the dashboard."),
  publicUrl: {
    presence: "default",
    schema: httpUrl,
    group: "network",
    help: "URL under which clients reach the Lambda API; links such as Code.Location begin with it.",
    valueName: "url",
    fallback: ({ host, port: number }) =>
      `http://${host.includes(":") ? `[${host}]` : host}:${number}`,
    fallbackText: "http://<host>:<port>",
  } satisfies SettingWithDefault<typeof httpUrl>,
  functionUrlDomain: {
    presence: "default",
    schema: hostName,
    group: "network",
    help: "Domain of function URLs: `<id>.lambda-url.<region>.<domain>`. All its names have to lead here. Names below localhost are this machine for curl and browsers without any entry in a name server.",
    valueName: "name",
    fallback: ({ host }) => (isLoopback(host) ? "localhost" : host),
    fallbackText: "`localhost` where `host` is a loopback address, otherwise `host`",
  } satisfies SettingWithDefault<typeof hostName>,
  controlPort: port(
    4575,
    "Loopback port of the control service, which the gateway passes requests on to.",
  ),
  redisPort: port(4576, "Loopback port of the Redis that `paddock up` starts."),
  redisUrl: {
    presence: "supplied",
    schema: redisUrl,
    group: "network",
    help: "A Redis of your own (6.2 or newer, append-only file on) instead of the one `paddock up` starts.",
    valueName: "url",
    suppliedText: "`paddock up` starts a private Redis",
    secret: true,
  } satisfies SuppliedSetting<typeof redisUrl>,
  postgresPort: port(4577, "Loopback port of the PostgreSQL that `paddock up` starts."),
  databaseUrl: {
    presence: "supplied",
    schema: databaseUrl,
    group: "network",
    help: "A PostgreSQL database of your own instead of the one `paddock up` starts.",
    valueName: "url",
    suppliedText: "`paddock up` starts a private PostgreSQL",
    secret: true,
  } satisfies SuppliedSetting<typeof databaseUrl>,
  natsPort: port(4222, "Loopback port of the NATS server that `paddock up` starts."),
  natsUrl: {
    presence: "supplied",
    schema: natsUrl,
    group: "network",
    help: "A NATS server of your own (2.9 or newer, JetStream on, max_payload 8 MB) instead of the one `paddock up` starts.",
    valueName: "url",
    suppliedText: "`paddock up` starts a private NATS server",
  } satisfies SuppliedSetting<typeof natsUrl>,
} as const;
