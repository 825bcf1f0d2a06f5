import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { testkitLimits } from "../limits.ts";
import { ManagedProcess, type ProcessPlan } from "./managed-process.ts";

/** A real server on a port of its own, with its data in a directory of its own. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Where its data is; removed by `stop`. */
  readonly directory: string;
  /** undefined while it does not run. */
  readonly pid: number | undefined;
  /** The last of what it printed. */
  readonly output: string;
  /** Ordered stop, then its directory is removed. May be called twice. */
  stop(): Promise<void>;
  /** Sends a signal (SIGKILL by default) and waits for the end. Port and data are kept. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ordered stop if it runs, then start on the same port with the same data. */
  restart(): Promise<void>;
}

export interface ServerPlan {
  readonly name: string;
  /** Port to use; a free one by default. */
  readonly port?: number | undefined;
  url(port: number): string;
  /** Makes configuration and data in the directory and says how to start. */
  prepare(place: { readonly port: number; readonly directory: string }): Promise<ProcessPlan>;
}

/** Starts a server; on a port that somebody took in between, again on another. */
export async function startServer(plan: ServerPlan): Promise<TestServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = plan.port ?? (await freePort());
    const directory = await mkdtemp(join(tmpdir(), `paddock-test-${plan.name}-`));
    const server = new ManagedProcess(await plan.prepare({ port, directory }));
    try {
      await server.start();
      return handle(plan, server, { port, directory });
    } catch (error) {
      await server.kill();
      await rm(directory, { recursive: true, force: true });
      const isLast = plan.port !== undefined || attempt === testkitLimits.serverStartAttempts;
      if (isLast || !/in use|bind/i.test(server.output)) throw error;
    }
  }
}

function handle(
  plan: ServerPlan,
  server: ManagedProcess,
  place: { readonly port: number; readonly directory: string },
): TestServer {
  return {
    url: plan.url(place.port),
    ...place,
    get pid() {
      return server.pid;
    },
    get output() {
      return server.output;
    },
    async stop() {
      await server.stop();
      await rm(place.directory, { recursive: true, force: true, maxRetries: 3 });
    },
    kill: (signal) => server.kill(signal),
    async restart() {
      await server.stop();
      await server.start();
    },
  };
}
