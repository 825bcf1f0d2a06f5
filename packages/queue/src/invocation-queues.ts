import { randomUUID } from "node:crypto";
import type { InvocationJob } from "@paddock/contracts";
import type { Redis } from "ioredis";
import { z } from "zod";
import { type BullQueue, type BullQueues, JobLostError, type RawTake } from "./bull-queue.ts";
import { invocationJob, parseQueueName, type QueueAddress, queueName } from "./catalog.ts";
import { keys } from "./keys.ts";
import { queueLimits } from "./limits.ts";
import type { Scripts } from "./scripts.ts";

/**
 * Queued invocations: one queue per function version, a job per accepted event, its id the request
 * id. A job is taken under a lock that must be renewed; one whose lock runs out is waiting again
 * (`recoverStalled`), so each job is run at least once. Queues that hold jobs are in an index: who
 * looks for work never looks at an idle function.
 */

/** A job that was taken and is to be finished, retried or given back by its taker. */
export interface TakenJob {
  readonly queue: QueueAddress;
  /** `nextAttempt` already counts attempts whose worker died before it could write them down. */
  readonly job: InvocationJob;
  /** How many attempts right before this one were taken by workers that never told of their end. */
  readonly lostAttempts: number;
  /** The lock's secret. Goes back with the job; a chain of `takeNext` keeps one. */
  readonly token: string;
}

export interface Taken {
  readonly taken: TakenJob | undefined;
  /** Where nothing was there to take: when the queue's first delayed job is due, epoch ms. */
  readonly nextDueMs: number | undefined;
}

export interface Finished extends Taken {
  /** False: the lock had run out and the job is somebody else's; the outcome was not written. */
  readonly accepted: boolean;
}

export interface QueueCounts {
  /** Can be taken now: waiting, and delayed ones that are due. */
  readonly ready: number;
  /** Delayed and not due yet. */
  readonly delayed: number;
  /** Taken and not finished. */
  readonly active: number;
  /** Left the queue since it was last empty. A guess: an event that was added twice counts twice. */
  readonly finished: number;
  /** When to look again, epoch ms; undefined: the queue is empty and left the index. */
  readonly lookAgainMs: number | undefined;
}

export interface QueueProblem {
  readonly kind: "malformed-job";
  readonly queue: QueueAddress;
  readonly jobId: string;
  readonly error: Error;
}

const settleReply = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
]);

export class InvocationQueues {
  readonly #redis: Redis;
  readonly #scripts: Scripts;
  readonly #bull: BullQueues;
  readonly #report: (problem: QueueProblem) => void;
  readonly #instance = randomUUID();
  #chains = 0;

  constructor(
    redis: Redis,
    scripts: Scripts,
    bull: BullQueues,
    report: (problem: QueueProblem) => void,
  ) {
    this.#redis = redis;
    this.#scripts = scripts;
    this.#bull = bull;
    this.#report = report;
  }

  /**
   * Adds jobs to their queues; a request id that its queue holds already is passed over. Resolves
   * when all are stored, with the queues that have work now.
   */
  async addMany(jobs: readonly InvocationJob[]): Promise<QueueAddress[]> {
    const byQueue = new Map<string, InvocationJob[]>();
    for (const job of jobs) {
      const { functionName } = job.invocation;
      const name = queueName({ functionName, version: job.version });
      const group = byQueue.get(name);
      if (group === undefined) byQueue.set(name, [job]);
      else group.push(job);
    }
    await Promise.all([...byQueue].map(([name, group]) => this.#addToQueue(name, group)));
    // After the jobs: a look at the queue in between would take it from the index again.
    await this.#markAsWorking(byQueue);
    return [...byQueue.keys()].flatMap((name) => parseQueueName(name) ?? []);
  }

  /** Takes the oldest job that is due, if there is one. Starts a chain of its own. */
  async takeNext(queue: QueueAddress): Promise<Taken> {
    this.#chains += 1;
    const token = `${this.#instance}:${this.#chains}`;
    return this.#takeReadable(queue, token, () => this.#queue(queue).take(token));
  }

  /** The job is done, however it ended, and leaves the queue. May take the next in one go. */
  complete(done: TakenJob, options: { readonly takeNext: boolean }): Promise<Finished> {
    return this.#finish(done, options.takeNext, (queue, id) =>
      queue.finish(id, done.token, options.takeNext),
    );
  }

  /** Not done: it comes again at `atMs` with the data given. May take the next in one go. */
  async retryAt(
    taken: TakenJob,
    options: { readonly atMs: number; readonly job: InvocationJob; readonly takeNext: boolean },
  ): Promise<Finished> {
    const data = JSON.stringify(options.job);
    return this.#finish(taken, options.takeNext, (queue, id) =>
      queue.delay(id, taken.token, { atMs: options.atMs, data, takeNext: options.takeNext }),
    );
  }

  /** Not begun: it waits again, in front of the others. */
  async giveBack(taken: TakenJob): Promise<{ readonly accepted: boolean }> {
    const { accepted } = await this.#finish(taken, false, async (queue, id) => {
      await queue.giveBack(id, taken.token);
      return { job: undefined, nextDueMs: undefined };
    });
    return { accepted };
  }

  /** Keeps jobs locked for `queueLimits.lockMs` more. Returns those that were lost. */
  async renewLocks(taken: readonly TakenJob[]): Promise<TakenJob[]> {
    const byQueue = new Map<string, TakenJob[]>();
    for (const each of taken) {
      const name = queueName(each.queue);
      byQueue.set(name, [...(byQueue.get(name) ?? []), each]);
    }
    const lost = await Promise.all(
      [...byQueue].map(async ([name, group]) => {
        const ids = group.map((each) => each.job.invocation.requestId);
        const tokens = group.map((each) => each.token);
        const failed = new Set(await this.#bull.get(name).extendLocks(ids, tokens));
        return group.filter((each) => failed.has(each.job.invocation.requestId));
      }),
    );
    return lost.flat();
  }

  /**
   * Makes jobs waiting whose lock ran out. Finds them at the second call, `stalledCheckMs` after
   * the first; calls in between do nothing, whoever makes them. Returns their request ids.
   */
  recoverStalled(queue: QueueAddress): Promise<string[]> {
    return this.#queue(queue).moveStalledToWait();
  }

  /** Counts, and writes into the index when to look again. Cheap: one command. */
  async look(queue: QueueAddress, nowMs = Date.now()): Promise<QueueCounts> {
    const name = queueName(queue);
    const bull = this.#bull.get(name);
    const types = ["wait", "delayed", "active", "meta", "id", "events", "marker", "stalled"];
    const queueKeys = [...types, "stalled-check"].map((type) => bull.key(type));
    const reply = await this.#scripts.run(
      "settleQueue",
      [keys.work, ...queueKeys, keys.added],
      [name, nowMs, queueLimits.stalledCheckMs],
    );
    const [waiting, due, delayed, active, lookMs, finished] = settleReply.parse(reply);
    const lookAgainMs = lookMs < 0 ? undefined : lookMs;
    return { ready: waiting + due, delayed, active, finished, lookAgainMs };
  }

  /** Queues to look at now, longest due first, at most `queueLimits.dueQueues`. */
  async dueQueues(nowMs = Date.now()): Promise<QueueAddress[]> {
    const limit = queueLimits.dueQueues;
    const names = await this.#redis.zrangebyscore(keys.work, "-inf", nowMs, "LIMIT", 0, limit);
    return names.flatMap((name) => parseQueueName(name) ?? []);
  }

  /** When the next queue is to be looked at, epoch ms; undefined: no queue holds a job. */
  async nextLookMs(): Promise<number | undefined> {
    const [, score] = await this.#redis.zrange(keys.work, "0", "0", "WITHSCORES");
    return score === undefined ? undefined : Number(score);
  }

  /** Makes the delayed jobs of a queue due now. */
  async promoteDelayed(queue: QueueAddress): Promise<void> {
    const bull = this.#queue(queue);
    // Ends: nothing is added to the delayed jobs of a queue that is being given up.
    while (await bull.promoteDelayed());
  }

  /** Forgets a queue with all its jobs, taken ones included: they are lost. */
  async removeQueue(queue: QueueAddress): Promise<void> {
    await this.#queue(queue).obliterate();
    await this.#redis.zrem(keys.work, queueName(queue));
    await this.#redis.hdel(keys.added, queueName(queue));
  }

  #queue(queue: QueueAddress): BullQueue {
    return this.#bull.get(queueName(queue));
  }

  async #markAsWorking(jobsOfQueue: ReadonlyMap<string, readonly InvocationJob[]>): Promise<void> {
    if (jobsOfQueue.size === 0) return;
    const nowMs = String(Date.now());
    const commands = this.#redis.pipeline();
    for (const [name, { length }] of jobsOfQueue) commands.hincrby(keys.added, name, length);
    commands.zadd(keys.work, "LT", ...[...jobsOfQueue.keys()].flatMap((name) => [nowMs, name]));
    for (const [error] of (await commands.exec()) ?? []) if (error !== null) throw error;
  }

  async #addToQueue(name: string, jobs: readonly InvocationJob[]): Promise<void> {
    const bull = this.#bull.get(name);
    await bull.trimEventsTo(queueLimits.eventStreamEntries);
    for (let from = 0; from < jobs.length; from += queueLimits.addBatch) {
      const batch = jobs.slice(from, from + queueLimits.addBatch);
      await bull.addMany(
        batch.map((job) => ({ id: job.invocation.requestId, data: JSON.stringify(job) })),
      );
    }
  }

  async #finish(
    taken: TakenJob,
    takeNext: boolean,
    command: (queue: BullQueue, id: string) => Promise<RawTake>,
  ): Promise<Finished> {
    const bull = this.#queue(taken.queue);
    try {
      const next = await this.#takeReadable(taken.queue, taken.token, () =>
        command(bull, taken.job.invocation.requestId),
      );
      return { accepted: true, ...next };
    } catch (error) {
      if (!(error instanceof JobLostError)) throw error;
      const next = takeNext ? await this.takeNext(taken.queue) : NOTHING_TAKEN;
      return { accepted: false, ...next };
    }
  }

  /** A job that does not fit its schema is set aside and reported, and the next one is taken. */
  async #takeReadable(
    queue: QueueAddress,
    token: string,
    first: () => Promise<RawTake>,
  ): Promise<Taken> {
    let raw = await first();
    while (raw.job !== undefined) {
      const { id, timesTaken } = raw.job;
      const read = readJob(raw.job.data);
      if (!(read instanceof Error)) {
        const nextAttempt = Math.max(read.nextAttempt, timesTaken);
        const lostAttempts = nextAttempt - read.nextAttempt;
        const job = { ...read, nextAttempt };
        return { taken: { queue, token, job, lostAttempts }, nextDueMs: undefined };
      }
      this.#report({ kind: "malformed-job", queue, jobId: id, error: read });
      await this.#queue(queue).setAside(id, token, read.message);
      raw = await this.#queue(queue).take(token);
    }
    return { taken: undefined, nextDueMs: raw.nextDueMs };
  }
}

const NOTHING_TAKEN: Taken = { taken: undefined, nextDueMs: undefined };

function readJob(data: string): InvocationJob | Error {
  try {
    const result = invocationJob.schema.safeParse(JSON.parse(data));
    return result.success ? result.data : result.error;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
