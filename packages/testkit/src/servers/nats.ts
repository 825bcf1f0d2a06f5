import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { limits } from "@paddock/contracts";
import { startServer, type TestServer } from "./test-server.ts";

export interface NatsOptions {
  readonly port?: number;
  /**
   * Password of the user `paddock`, who may do everything. With it, others are the external user
   * of docs/design.md. Without it, everybody may do everything.
   */
  readonly password?: string;
  /** `max_payload` of the server; 8 MiB by default. */
  readonly maxPayloadBytes?: number;
}

/** Starts nats-server with JetStream. Program: `nats-server` on the PATH, 2.9 or newer. */
export function startNats(options: NatsOptions = {}): Promise<TestServer> {
  return startServer({
    name: "nats",
    port: options.port,
    url: (port) => `nats://127.0.0.1:${port}`,
    async prepare({ port, directory }) {
      const configFile = join(directory, "nats.conf");
      await writeFile(configFile, await natsConfig(port, directory, options));
      return {
        name: "nats-server",
        command: "nats-server",
        args: ["--config", configFile],
        workingDirectory: directory,
        readyPattern: /Server is ready/,
        stopSignal: "SIGTERM",
      };
    },
  });
}

/** Of JetStream's files: more than any test writes. */
const MAX_FILE_STORE_BYTES = 1024 ** 3;

/** What Paddock itself runs with, so that tests meet the same permissions. */
const TEMPLATE = new URL("../../../../infra/nats/nats.conf.template", import.meta.url);

async function natsConfig(port: number, directory: string, options: NatsOptions): Promise<string> {
  const storeDirectory = join(directory, "jetstream");
  const maxPayloadBytes = options.maxPayloadBytes ?? limits.busMessageBytes;
  if (options.password === undefined) {
    return [
      `listen: "127.0.0.1:${port}"`,
      `max_payload: ${maxPayloadBytes}`,
      `jetstream { store_dir: ${JSON.stringify(storeDirectory)} }`,
    ].join("\n");
  }
  const values: Readonly<Record<string, string | number>> = {
    HOST: "127.0.0.1",
    PORT: port,
    STORE_DIRECTORY: storeDirectory,
    PASSWORD: options.password,
    MAX_FILE_STORE: MAX_FILE_STORE_BYTES,
  };
  const template = await readFile(TEMPLATE, "utf8");
  return template
    .replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => JSON.stringify(values[name] ?? whole))
    .replace(/^max_payload: .*$/m, `max_payload: ${maxPayloadBytes}`);
}
