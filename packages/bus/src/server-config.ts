import { readFileSync } from "node:fs";

const template = new URL("../../../infra/nats/nats.conf.template", import.meta.url);

export interface NatsServerSettings {
  /** Address to listen on, such as `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
  readonly storeDirectory: string;
  /** Of the user `paddock`; everything else is the external user. */
  readonly password: string;
}

/** The text of a configuration file for `nats-server -c`. */
export function natsServerConfig(settings: NatsServerSettings): string {
  const values: Record<string, string> = {
    HOST: JSON.stringify(settings.host),
    PORT: String(settings.port),
    STORE_DIRECTORY: JSON.stringify(settings.storeDirectory),
    PASSWORD: JSON.stringify(settings.password),
  };
  return readFileSync(template, "utf8")
    .split("\n")
    .map((line) => (line.trimStart().startsWith("#") ? line : fill(line, values)))
    .join("\n");
}

function fill(line: string, values: Readonly<Record<string, string>>): string {
  return line.replace(/\$\{([A-Z_]+)\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nats.conf.template names an unknown value: ${name}`);
    return value;
  });
}
