import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, realpath } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { storeLimits } from "../limits.ts";
import { asOrdinaryUser, locatePostgres } from "./binaries.ts";
import { type Cluster, clusterUser, openCluster } from "./cluster.ts";
import { clearStalePostmaster } from "./postmaster-file.ts";
import { serverSettings } from "./server-settings.ts";

export interface EmbeddedPostgresOptions {
  /** Made when missing; holds `cluster/` and `password`. */
  readonly dataDirectory: string;
  /** On 127.0.0.1 only. */
  readonly port: number;
  /** False: nothing is synced to disk, for tests that throw the data away. */
  readonly durable?: boolean;
  /** Lines of the server's log. */
  readonly onLog?: (line: string) => void;
  /** Called when the server ends without `stop()`. */
  readonly onExit?: (reason: string) => void;
}

export interface EmbeddedPostgres {
  /** `postgres://…`, password included. */
  readonly url: string;
  readonly pid: number;
  /** Fast shutdown: open transactions are rolled back. Harmless when called again. */
  stop(): Promise<void>;
}

/**
 * Starts a private PostgreSQL 18 and resolves when it takes connections. Rejects with the server's
 * own words when it cannot start. The server also shuts down when this process is killed.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const binaries = locatePostgres();
  const durable = options.durable ?? true;
  await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 });
  const dataDirectory = await realpath(options.dataDirectory);
  const cluster = await openCluster(dataDirectory, binaries, { sync: durable });
  await clearStalePostmaster(cluster.directory);
  const [program = "", ...args] = [
    ...asOrdinaryUser(binaries.postgres, { lifeline: true }),
    "-D",
    cluster.directory,
    ...serverSettings({ port: options.port, durable }),
  ];
  for (let attempt = 1; ; attempt += 1) {
    // Its own session: Ctrl-C at the terminal must not stop the database before its users.
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    try {
      const pid = await untilReady(child, options);
      return { url: urlOf(cluster, options.port), pid, stop: makeStop(child, options.onExit) };
    } catch (error) {
      if (attempt >= storeLimits.postgresStartAttempts || !isMemoryInUse(error)) throw error;
      await delay(storeLimits.postgresRetryMs);
    }
  }
}

/** Back-ends of a server that was killed need a moment to notice and let go of its memory. */
function isMemoryInUse(error: unknown): boolean {
  return error instanceof Error && error.message.includes("shared memory block");
}

function urlOf(cluster: Cluster, port: number): string {
  return `postgres://${clusterUser}:${cluster.password}@127.0.0.1:${port}/postgres`;
}

async function untilReady(child: ChildProcess, options: EmbeddedPostgresOptions): Promise<number> {
  const lastLines: string[] = [];
  if (child.stderr === null)
    throw new Error("The PostgreSQL server was started without a log pipe.");
  const lines = createInterface({ input: child.stderr });
  return new Promise<number>((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`PostgreSQL did not start: ${why}\n${lastLines.join("\n")}`.trim()));
    };
    const timer = setTimeout(() => fail("no answer in time."), storeLimits.postgresStartMs);
    child.once("error", (error) => fail(error.message));
    child.once("close", (code, signal) => fail(`it ended with ${code ?? signal}.`));
    lines.on("line", (line) => {
      options.onLog?.(line);
      lastLines.push(line);
      if (lastLines.length > storeLimits.postgresLogLines) lastLines.shift();
      if (!line.includes("database system is ready to accept connections")) return;
      clearTimeout(timer);
      child.removeAllListeners("close").removeAllListeners("error");
      resolve(child.pid ?? 0);
    });
  });
}

function makeStop(child: ChildProcess, onExit: ((reason: string) => void) | undefined) {
  let stopping = false;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      if (!stopping) onExit?.(`PostgreSQL ended with ${code ?? signal}.`);
      resolve();
    });
  });
  return async () => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGINT");
    const patience = new AbortController();
    await Promise.race([
      gone,
      delay(storeLimits.postgresStopMs, undefined, { signal: patience.signal })
        .then(() => child.kill("SIGKILL"))
        .catch(() => undefined),
    ]);
    await gone;
    patience.abort();
  };
}
