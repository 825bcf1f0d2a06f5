import { Redis } from "ioredis";
import { BullQueues } from "./bull-queue.ts";
import { ConcurrencyLeases } from "./concurrency-leases.ts";
import { DispatchTerm } from "./dispatch-term.ts";
import { InvocationQueues, type QueueProblem } from "./invocation-queues.ts";
import { queueLimits } from "./limits.ts";
import { Scripts } from "./scripts.ts";

/** Queues and leases over one connection to Redis. */
export interface QueueConnection {
  readonly queues: InvocationQueues;
  readonly leases: ConcurrencyLeases;
  readonly dispatchTerm: DispatchTerm;
  /** False while Redis is away; commands wait for it a bounded time, then reject. */
  readonly isConnected: boolean;
  /**
   * For one who is about to end: from now on no command waits for Redis to come back. If it is
   * away, those that wait reject after the attempt to reach it that is due next.
   */
  stopWaiting(): void;
  close(): Promise<void>;
}

export interface QueueOptions {
  /** `redis://host:port`, with a password where Redis wants one. */
  readonly url: string;
  /** Shown in Redis's list of clients, such as `router`. */
  readonly name: string;
  readonly onProblem?: (problem: QueueProblem | RedisProblem) => void;
}

export interface RedisProblem {
  readonly kind: "connection";
  readonly error: Error;
}

/** Redis cannot be reached or is too old. */
export class QueueUnavailableError extends Error {
  override readonly name = "QueueUnavailableError";
}

/** Rejects with QueueUnavailableError, whose message says what is wrong. */
export async function connectQueue(options: QueueOptions): Promise<QueueConnection> {
  const report = options.onProblem ?? (() => undefined);
  let waits = true;
  const redis = new Redis(options.url, {
    connectionName: options.name,
    maxRetriesPerRequest: queueLimits.commandRetries,
    retryStrategy: (attempt) => (waits ? reconnectPauseMs(attempt) : null),
  });
  redis.on("error", (error: Error) => report({ kind: "connection", error }));
  const bull = new BullQueues(redis);
  try {
    await withinTime(bull.ready());
  } catch (cause) {
    redis.disconnect();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QueueUnavailableError(`No usable Redis at ${options.url}: ${reason}.`, { cause });
  }
  const scripts = new Scripts(redis);
  return {
    queues: new InvocationQueues(redis, scripts, bull, report),
    leases: new ConcurrencyLeases(redis, scripts),
    dispatchTerm: new DispatchTerm(redis, scripts),
    get isConnected() {
      return redis.status === "ready";
    },
    stopWaiting() {
      waits = false;
    },
    async close() {
      await bull.close();
      if (redis.status === "ready") await redis.quit();
      else redis.disconnect();
    },
  };
}

function reconnectPauseMs(attempt: number): number {
  const { reconnectPauseMinMs, reconnectPauseMaxMs } = queueLimits;
  return Math.min(reconnectPauseMinMs * 2 ** Math.min(attempt, 10), reconnectPauseMaxMs);
}

async function withinTime(promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`it did not answer within ${queueLimits.connectTimeoutMs} ms`);
    timer = setTimeout(() => reject(error), queueLimits.connectTimeoutMs);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
