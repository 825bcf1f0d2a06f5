import type { Redis } from "ioredis";
import { z } from "zod";
import { keys } from "./keys.ts";
import { queueLimits } from "./limits.ts";
import type { Scripts } from "./scripts.ts";

/**
 * Who may hold which execution environments. A lease is one environment: its function, its memory
 * and the worker that holds it. All of it lives in Redis and changes by one Lua script at a time,
 * so any number of routers and workers count exactly. Time is Redis's clock.
 */
export interface Reservation {
  /** Identifies the lease; reserving it again gives the same answer and counts once. */
  readonly environmentId: string;
  readonly functionName: string;
  readonly memoryMb: number;
  /** The function's reserved concurrency; absent: it draws on the account's pool. */
  readonly functionLimit?: number;
  /** The account's limit less the sum of all reservations. */
  readonly poolLimit: number;
  /** Names of all functions with reserved concurrency: what they hold is not of the pool. */
  readonly reservedFunctions: readonly string[];
  /** Workers in order of preference, at most `queueLimits.candidateWorkers`. */
  readonly workerIds: readonly string[];
}

export type ReservationOutcome =
  | { readonly outcome: "granted"; readonly workerId: string }
  | { readonly outcome: "function-limit" | "account-limit" | "worker-full" | "unknown-worker" };

export interface FreedWorker {
  readonly workerId: string;
  readonly environmentIds: readonly string[];
}

export interface LeaseCounts {
  readonly total: number;
  /** Functions that hold none are not in it. */
  readonly byFunction: ReadonlyMap<string, number>;
}

const reserveReply = z.tuple([z.number(), z.string()]);
const freeReply = z.array(z.tuple([z.string()], z.string()));

export class ConcurrencyLeases {
  readonly #redis: Redis;
  readonly #scripts: Scripts;

  constructor(redis: Redis, scripts: Scripts) {
    this.#redis = redis;
    this.#scripts = scripts;
  }

  /** Leases one environment on the first candidate with room. */
  async reserve(reservation: Reservation): Promise<ReservationOutcome> {
    const workerIds = reservation.workerIds.slice(0, queueLimits.candidateWorkers);
    const reply = await this.#scripts.run(
      "reserveEnvironment",
      [keys.workers, keys.capacity, keys.granted, keys.counts, keys.environments],
      [
        reservation.environmentId,
        reservation.functionName,
        reservation.memoryMb,
        reservation.functionLimit ?? -1,
        reservation.poolLimit,
        keys.ofWorkerPrefix,
        workerIds.length,
        ...workerIds,
        ...reservation.reservedFunctions,
      ],
    );
    const [code, workerId] = reserveReply.parse(reply);
    if (code === 1) return { outcome: "granted", workerId };
    if (code === -1) return { outcome: "function-limit" };
    if (code === -2) return { outcome: "account-limit" };
    return { outcome: code === -3 ? "worker-full" : "unknown-worker" };
  }

  /** Ends leases; those that are not there are passed over. Returns how many ended. */
  async release(environmentIds: readonly string[]): Promise<number> {
    let released = 0;
    for (let from = 0; from < environmentIds.length; from += queueLimits.releaseBatch) {
      const batch = environmentIds.slice(from, from + queueLimits.releaseBatch);
      const reply = await this.#scripts.run(
        "releaseEnvironments",
        [keys.granted, keys.counts, keys.environments],
        [keys.ofWorkerPrefix, ...batch],
      );
      released += z.number().parse(reply);
    }
    return released;
  }

  /**
   * A worker says that it lives: all its leases hold for `leaseMs` more. Capacity 0 lets it keep
   * what it has and get nothing new. `known: false` means it is new to the table: at its first
   * call, or because its leases were freed meanwhile; then environments it still has are not its
   * own any more, and it must end them.
   */
  async heartbeat(
    workerId: string,
    capacityMb: number,
    leaseMs: number,
  ): Promise<{ readonly known: boolean }> {
    const reply = await this.#scripts.run(
      "renewWorker",
      [keys.workers, keys.capacity],
      [workerId, capacityMb, leaseMs],
    );
    return { known: z.number().parse(reply) === 1 };
  }

  /** Frees the leases of workers that were silent for their lease's time, some at a time. */
  expireWorkers(): Promise<FreedWorker[]> {
    return this.#free("");
  }

  /** A worker stops: all its leases end, and it is no candidate any more. */
  async releaseAll(workerId: string): Promise<void> {
    await this.#free(workerId);
  }

  async counts(): Promise<LeaseCounts> {
    const all = await this.#redis.hgetall(keys.counts);
    const byFunction = new Map<string, number>();
    for (const [name, count] of Object.entries(all)) {
      if (name !== "*") byFunction.set(name, Number(count));
    }
    return { total: Number(all["*"] ?? 0), byFunction };
  }

  async functionCount(functionName: string): Promise<number> {
    return Number((await this.#redis.hget(keys.counts, functionName)) ?? 0);
  }

  /** Environments that a worker holds leases for. */
  environmentsOf(workerId: string): Promise<string[]> {
    return this.#redis.smembers(`${keys.ofWorkerPrefix}${workerId}`);
  }

  async #free(workerId: string): Promise<FreedWorker[]> {
    const reply = await this.#scripts.run(
      "freeWorkers",
      [keys.workers, keys.capacity, keys.granted, keys.counts, keys.environments],
      [keys.ofWorkerPrefix, queueLimits.expiredWorkers, workerId],
    );
    return freeReply
      .parse(reply)
      .map(([id, ...environmentIds]) => ({ workerId: id, environmentIds }));
  }
}
