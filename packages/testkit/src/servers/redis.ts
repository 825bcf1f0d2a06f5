import { startServer, type TestServer } from "./test-server.ts";

export interface RedisOptions {
  readonly port?: number;
}

/** Starts redis-server with its append-only file on. Program: `redis-server` on the PATH, 7.0+. */
export function startRedis(options: RedisOptions = {}): Promise<TestServer> {
  return startServer({
    name: "redis",
    port: options.port,
    url: (port) => `redis://127.0.0.1:${port}`,
    prepare: async ({ port, directory }) => ({
      name: "redis-server",
      command: "redis-server",
      args: [
        ...["--bind", "127.0.0.1", "--port", String(port), "--dir", directory],
        ...["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
        ...["--maxmemory-policy", "noeviction", "--daemonize", "no"],
      ],
      workingDirectory: directory,
      readyPattern: /Ready to accept connections/,
      stopSignal: "SIGTERM",
    }),
  });
}
