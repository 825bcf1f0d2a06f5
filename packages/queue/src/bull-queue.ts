import { type IQueueBackend, RedisConnection, RedisQueueBackend } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { invocationJob } from "./catalog.ts";
import { keyPrefix } from "./keys.ts";
import { queueLimits } from "./limits.ts";

/**
 * BullMQ without its Queue and Worker classes: those take a connection, a blocking connection and
 * timers per queue. Its backend does the same atomic commands for any number of queues over one
 * connection. Everything BullMQ answers is parsed here.
 */

/** A job as it was taken, before its data is read. */
export interface RawJob {
  readonly id: string;
  readonly data: string;
  /** Times it was taken, this one included. */
  readonly timesTaken: number;
}

export interface RawTake {
  readonly job: RawJob | undefined;
  /** When the first delayed job is due, where the queue has nothing else. */
  readonly nextDueMs: number | undefined;
}

/** Somebody else owns the job now, or it is gone. */
export class JobLostError extends Error {
  override readonly name = "JobLostError";
}

const jobFields = z.object({ data: z.string(), attemptsStarted: z.coerce.number() });
/** [job or nothing, id, rate limit, next due] */
const takeReply = z.union([
  z.tuple([]),
  z.tuple([jobFields.nullish(), z.unknown(), z.unknown(), z.coerce.number().optional()]),
]);
const jobId = z.coerce.string();

const NOTHING: RawTake = { job: undefined, nextDueMs: undefined };

export class BullQueue {
  readonly #backend: IQueueBackend;

  constructor(backend: IQueueBackend) {
    this.#backend = backend;
  }

  /** Adds jobs in one pipeline; an id that the queue holds already is passed over. */
  async addMany(jobs: readonly { readonly id: string; readonly data: string }[]): Promise<void> {
    const timestamp = Date.now();
    const entries = jobs.map(({ id, data }) => ({
      jobId: id,
      job: {
        id,
        name: invocationJob.name,
        data,
        opts: {},
        progress: 0,
        attemptsMade: 0,
        attemptsStarted: 0,
        stalledCounter: 0,
        timestamp,
        failedReason: "",
        returnvalue: "",
      },
    }));
    await this.#backend.addJobs(entries);
  }

  async take(token: string): Promise<RawTake> {
    return parseTake(await this.#backend.moveToActive(token));
  }

  /** The job ends and leaves nothing behind. */
  async finish(id: string, token: string, takeNext: boolean): Promise<RawTake> {
    // BullMQ asks for a whole Job; it reads the id and the options.
    const job = { id, opts: { attempts: 1 } } as Parameters<IQueueBackend["moveToCompleted"]>[0];
    const { result } = await lostOr(() =>
      this.#backend.moveToCompleted(job, "", true, token, takeNext),
    );
    return takeNext ? parseTake(result) : NOTHING;
  }

  /** The job stays, out of everybody's way, with its reason: for what nobody can run. */
  async setAside(id: string, token: string, reason: string): Promise<void> {
    const job = { id, opts: { attempts: 1 } } as Parameters<IQueueBackend["moveToFailed"]>[0];
    const keep = { count: queueLimits.setAsideJobs };
    await lostOr(() => this.#backend.moveToFailed(job, reason, keep, token, false));
  }

  async delay(
    id: string,
    token: string,
    options: { readonly atMs: number; readonly data: string; readonly takeNext: boolean },
  ): Promise<RawTake> {
    const nowMs = Date.now();
    const result: unknown = await lostOr(() =>
      this.#backend.moveToDelayed(id, nowMs, Math.max(1, options.atMs - nowMs), token, {
        skipAttempt: true,
        fieldsToUpdate: { data: options.data },
        fetchNext: options.takeNext,
      }),
    );
    return options.takeNext ? parseTake(result) : NOTHING;
  }

  /** The job waits again, in front. */
  async giveBack(id: string, token: string): Promise<void> {
    await lostOr(() => this.#backend.moveJobFromActiveToWait(id, token));
  }

  /** Returns the ids whose lock is not the taker's any more. */
  async extendLocks(ids: string[], tokens: string[]): Promise<string[]> {
    return this.#backend.extendLocks(ids, tokens, queueLimits.lockMs);
  }

  async moveStalledToWait(): Promise<string[]> {
    return this.#backend.moveStalledJobsToWait();
  }

  /** Makes delayed jobs due. Returns whether some may be left. */
  async promoteDelayed(): Promise<boolean> {
    return (await this.#backend.promoteJobs(queueLimits.promoteBatch)) !== 0;
  }

  async obliterate(): Promise<void> {
    await this.#backend.pause(true);
    for (;;) {
      const left = await this.#backend.obliterate({ force: true, count: queueLimits.promoteBatch });
      if (left === 0) return;
    }
  }

  async trimEventsTo(entries: number): Promise<void> {
    await this.#backend.setQueueMeta({ "opts.maxLenEvents": entries });
  }

  key(type: string): string {
    return this.#backend.toKey(type);
  }
}

/** Handles of queues over one connection, the ones not used longest let go. */
export class BullQueues {
  readonly #connection: RedisConnection;
  readonly #backend: RedisQueueBackend;
  readonly #queues = new Map<string, BullQueue>();

  constructor(redis: Redis) {
    this.#connection = new RedisConnection(redis, { shared: true, blocking: false });
    this.#connection.on("error", () => undefined);
    const options = {
      connection: redis,
      prefix: keyPrefix,
      lockDuration: queueLimits.lockMs,
      // How often a job may lose its worker is the event's age to bound, not BullMQ's count.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      stalledInterval: queueLimits.stalledCheckMs,
    };
    // The root handle has no queue of its own: the keys that it needs come with `forQueue`.
    const keys = {} as ConstructorParameters<typeof RedisQueueBackend>[2];
    this.#backend = new RedisQueueBackend(
      this.#connection,
      "root",
      keys,
      (type) => type,
      options,
      undefined,
      // Not its own: it would emit the connection's errors, and nobody listening ends the process.
      false,
    );
  }

  async ready(): Promise<void> {
    await this.#connection.client;
  }

  get(name: string): BullQueue {
    const known = this.#queues.get(name);
    if (known !== undefined) {
      this.#queues.delete(name);
      this.#queues.set(name, known);
      return known;
    }
    const made = new BullQueue(this.#backend.forQueue(name));
    this.#queues.set(name, made);
    const oldest =
      this.#queues.size > queueLimits.queueHandles ? this.#queues.keys().next() : undefined;
    if (oldest?.value !== undefined) this.#queues.delete(oldest.value);
    return made;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

function parseTake(reply: unknown): RawTake {
  if (reply === undefined || reply === null) return NOTHING;
  const [fields, id, , nextDue] = takeReply.parse(reply);
  const nextDueMs = nextDue === undefined || nextDue === 0 ? undefined : nextDue;
  if (fields === undefined || fields === null) return { job: undefined, nextDueMs };
  const job = { id: jobId.parse(id), data: fields.data, timesTaken: fields.attemptsStarted };
  return { job, nextDueMs };
}

/** BullMQ's codes: -1 no such job, -2 no lock, -3 not active, -6 another's lock. */
const LOST = new Set([-1, -2, -3, -6]);

async function lostOr<Result>(command: () => Promise<Result>): Promise<Result> {
  try {
    return await command();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? Number(error.code) : Number.NaN;
    if (!LOST.has(code)) throw error;
    throw new JobLostError("the job was taken by another or is gone", { cause: error });
  }
}
