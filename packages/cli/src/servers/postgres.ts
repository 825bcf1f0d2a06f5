import { join } from "node:path";
import { startEmbeddedPostgres } from "@paddock/store/embedded";
import { killGroup } from "../supervisor/child-process.ts";
import { LineLog, logSize, readLogTail } from "../supervisor/log-files.ts";
import type { ManagedProcess } from "../supervisor/managed-process.ts";
import { StartFailure } from "../supervisor/start-failure.ts";

export interface PostgresServerOptions {
  readonly port: number;
  readonly directory: string;
  readonly logsDirectory: string;
  /** Told on every start; the password in it is made by the store. */
  readonly onUrl: (url: string) => void;
}

/** The embedded PostgreSQL of packages/store, which also ends when this process is killed. */
export function postgresServer(options: PostgresServerOptions): ManagedProcess {
  const logFile = join(options.logsDirectory, "postgres.log");
  return {
    name: "postgres",
    title: "PostgreSQL",
    after: [],
    stopWave: 9,
    start: async (onExit, signal) => {
      signal.throwIfAborted();
      const logOffset = logSize(logFile);
      const log = new LineLog(logFile);
      try {
        const server = await startEmbeddedPostgres({
          dataDirectory: options.directory,
          port: options.port,
          onLog: (line) => log.write(line),
          onExit: (reason) => {
            log.close();
            onExit(reason);
          },
        });
        options.onUrl(server.url);
        return {
          pid: server.pid,
          detail: `port ${options.port}`,
          stop: async () => {
            await server.stop();
            log.close();
          },
          kill: () => killGroup(server.pid, "SIGKILL"),
        };
      } catch (error) {
        log.close();
        const reason = error instanceof Error ? error.message : String(error);
        const lastLines = readLogTail(logFile, logOffset);
        throw new StartFailure("PostgreSQL", reason, { file: logFile, lastLines });
      }
    },
  };
}
