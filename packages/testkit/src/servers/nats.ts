import { writeFile } from "node:fs/promises";
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
      await writeFile(configFile, natsConfig(port, directory, options));
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

function natsConfig(port: number, directory: string, options: NatsOptions): string {
  const lines = [
    `listen: "127.0.0.1:${port}"`,
    `max_payload: ${options.maxPayloadBytes ?? limits.busMessageBytes}`,
    `jetstream { store_dir: ${JSON.stringify(join(directory, "jetstream"))} }`,
  ];
  return [...lines, ...users(options.password)].join("\n");
}

function users(password: string | undefined): string[] {
  if (password === undefined) return [];
  return [
    "authorization {",
    "  users: [",
    `    { user: paddock, password: ${JSON.stringify(password)} }`,
    "    { user: external, password: external, permissions: {",
    '        publish: ["events.>", "invoke.*"], subscribe: ["_INBOX.>"] } }',
    "  ]",
    "}",
    "no_auth_user: external",
  ];
}
