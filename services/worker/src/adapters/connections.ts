/** What the worker is connected to, opened together and closed in the order that loses nothing. */
import { join, resolve } from "node:path";
import {
  type Bus,
  connectService,
  type FunctionDirectory,
  openCodeStore,
  watchFunctions,
} from "@paddock/bus";
import { connectQueue, type QueueConnection } from "@paddock/queue";
import type { SandboxProvider } from "@paddock/sandbox";
import type { Logger } from "@paddock/service-kit";
import type { WorkerConfig } from "../config.ts";
import { limits } from "../limits.ts";
import { CodeCache } from "./code/code-cache.ts";
import { openSandboxes } from "./sandboxes.ts";

export interface Connections {
  readonly bus: Bus;
  readonly redis: QueueConnection;
  readonly directory: FunctionDirectory;
  readonly code: CodeCache;
  readonly sandboxes: SandboxProvider;
  /** Below the data directory: what is the worker's own. */
  readonly home: string;
}

/** Rejects with a clear message when a server or the asked isolation is not to be had. */
export async function openConnections(
  config: WorkerConfig,
  workerId: string,
  logger: Logger,
): Promise<Connections> {
  const home = join(resolve(config.dataDirectory), "worker");
  const codeDirectory = join(home, "code");
  const bus = await connectService("worker", config, (problem) => logger.warn({ problem }, "bus"));
  const directory = watchFunctions(bus);
  const [redis, code] = await Promise.all([
    connectQueue({
      url: config.redisUrl,
      name: "worker",
      onProblem: (problem) => logger.warn({ problem }, "queue"),
    }),
    CodeCache.open({
      directory: codeDirectory,
      workerId,
      maxBytes: config.workerCodeCacheMb * 1024 * 1024,
      fetch: codeFetcher(bus),
      onProblem: (error) => logger.warn({ error }, "unpacked code was not removed"),
    }),
  ]);
  const sandboxes = await openSandboxes(config, {
    workerId,
    home,
    codeDirectory,
    onProblem: (problem) => logger.warn({ problem }, "sandboxes"),
  });
  await directory.ready;
  return { bus, redis, directory, code, sandboxes, home };
}

/**
 * Sandboxes first: they are what would stay on the machine. NATS and Redis may be gone already, so
 * that what needs them is only waited for so long.
 */
export async function closeConnections(open: Connections, workerId: string): Promise<void> {
  await open.sandboxes.close();
  await settledWithin(limits.closeMs, [open.redis.leases.releaseAll(workerId)]);
  open.directory.stop();
  await settledWithin(limits.closeMs, [open.redis.close(), open.bus.close()]);
}

/** Resolves when all have ended, however they ended, or when the time is over. */
export async function settledWithin(
  withinMs: number,
  work: readonly Promise<unknown>[],
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([Promise.allSettled(work), over]);
  clearTimeout(timer);
}

function codeFetcher(bus: Bus): (sha256: string) => Promise<Uint8Array> {
  const store = openCodeStore(bus);
  return async (sha256) => {
    const bytes = await store.get(sha256);
    if (bytes === undefined) throw new Error(`the code ${sha256} is not in the object store`);
    return bytes;
  };
}
