/**
 * Asynchronous invocations: an environment that has nothing to do takes jobs of its target's queue,
 * one after the other, until none is due. The router says where work is (`queued`) and allows more
 * environments for it (`drain`); here nothing is admitted.
 *
 * An invocation's usage record and fate are in the journal before its job leaves the queue, so that
 * dying between the two repeats the attempt and never forgets it.
 */
import { type Bus, type BusSubscription, channels } from "@paddock/bus";
import type { DrainQueue, FateRecord, Target } from "@paddock/contracts";
import { attemptBeginning, lostAttempt, unknownPlace } from "@paddock/lambda-model";
import type { Finished, InvocationQueues, TakenJob } from "@paddock/queue";
import {
  type AttemptResult,
  beginningOf,
  type EnvironmentFacts,
  usageRecord,
} from "../core/attempt.ts";
import { decideJob, type JobDecision } from "../core/job-decision.ts";
import type { ExecutionEnvironment } from "../environments/execution-environment.ts";
import type { Work, WorkerPool } from "../environments/worker-pool.ts";
import { limits } from "../limits.ts";
import type { UsageRecorder } from "../ports.ts";
import { QueueHints } from "./queue-hints.ts";

export interface QueueLaneOptions {
  readonly bus: Bus;
  readonly workerId: string;
  readonly pool: WorkerPool;
  readonly queues: InvocationQueues;
  readonly recorder: UsageRecorder;
  readonly retryDelaysSeconds: readonly number[];
  readonly onError: (error: unknown) => void;
}

export class QueueLane {
  readonly #options: QueueLaneOptions;
  readonly #hints = new QueueHints();
  readonly #running = new Set<TakenJob>();
  #subscriptions: BusSubscription[] = [];
  #renewTimer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: QueueLaneOptions) {
    this.#options = options;
  }

  start(): void {
    const { bus, workerId } = this.#options;
    this.#subscriptions = [
      bus.subscribe(channels.drain, { workerId }, (message) => this.#drain(message.document)),
      bus.subscribe(channels.queued, {}, ({ address }) => {
        this.#wake(address.functionName, address.version);
      }),
    ];
    this.#renewTimer = setInterval(() => void this.#renewLocks(), limits.jobLockRenewIntervalMs);
  }

  /** Takes nothing more; what runs goes on. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#subscriptions.map((subscription) => subscription.drain()));
  }

  /** After the last invocation has ended. */
  close(): void {
    clearInterval(this.#renewTimer);
  }

  /** Work for an idle environment of this target, if its queue may have some. */
  readonly work = (target: Target): Work | undefined => {
    if (this.#stopping || !this.#hints.has(target)) return undefined;
    return (environment) => this.#drainWith(environment);
  };

  #drain({ target, grants }: DrainQueue): void {
    // Before there is a pool: the environments that come with this find the hint when they are ready.
    this.#hints.add(target);
    this.#wake(target.functionName, target.version);
    for (const grant of grants) void this.#options.pool.grow(target, grant);
  }

  #wake(functionName: string, version: string): void {
    const pools = this.#options.pool.poolsOfQueue(functionName, version);
    if (pools.length === 0) return;
    this.#hints.add({ functionName, version });
    for (const pool of pools) pool.wakeIdle();
  }

  /** Runs jobs until the queue has none, or a synchronous invocation waits for the environment. */
  async #drainWith(environment: ExecutionEnvironment): Promise<void> {
    const { target } = environment;
    const seen = this.#hints.mark(target);
    let next = await this.#options.queues.takeNext(target);
    while (next.taken !== undefined) {
      const decision = await this.#runJob(environment, next.taken);
      const takeNext = this.#mayTakeNext(target);
      next = await this.#finish(next.taken, decision, takeNext);
      if (!takeNext) return;
    }
    this.#hints.clear(target, seen);
  }

  #mayTakeNext(target: Target): boolean {
    return !this.#stopping && this.#options.pool.find(target)?.hasWaiting === false;
  }

  async #runJob(environment: ExecutionEnvironment, taken: TakenJob): Promise<JobDecision> {
    const { job } = taken;
    if (job.expiresAtMs < Date.now()) {
      return { kind: "end", fate: "expired", detail: "EventAgeExceeded", begun: false };
    }
    this.#recordLost(taken, environment.facts);
    this.#running.add(taken);
    try {
      const request = {
        invocation: job.invocation,
        invocationType: "Event",
        attempt: job.nextAttempt,
        event: Buffer.from(job.event, "utf8"),
        wantsLogTail: false,
      } as const;
      const { recorder } = this.#options;
      const beginning = beginningOf(request, environment.facts);
      recorder.recordBegun(lostAttempt(beginning, Date.now()));
      const result = await environment.run(request);
      recorder.recordUsage(usageRecord(beginning, result));
      await environment.settle();
      return this.#decide(taken, result);
    } finally {
      this.#running.delete(taken);
    }
  }

  /**
   * Attempts whose workers never told of their end. A worker of the same machine finds them in the
   * dead one's journal and knows more of them; one of another machine may never come back.
   */
  #recordLost({ job, lostAttempts }: TakenJob, { version }: EnvironmentFacts): void {
    for (let back = lostAttempts; back > 0; back -= 1) {
      const beginning = attemptBeginning({
        invocation: job.invocation,
        invocationType: "Event",
        attempt: job.nextAttempt - back,
        version,
        place: unknownPlace,
      });
      this.#options.recorder.recordUsage(lostAttempt(beginning, Date.now()));
    }
  }

  #decide({ job }: TakenJob, { outcome }: AttemptResult): JobDecision {
    return decideJob({
      outcome,
      job,
      nowMs: Date.now(),
      retryDelaysSeconds: this.#options.retryDelaysSeconds,
    });
  }

  #finish(taken: TakenJob, decision: JobDecision, takeNext: boolean): Promise<Finished> {
    const { queues, recorder } = this.#options;
    if (decision.kind === "retry") {
      return queues.retryAt(taken, { atMs: decision.atMs, job: decision.job, takeNext });
    }
    recorder.recordFate(fateRecord(taken, decision));
    return queues.complete(taken, { takeNext });
  }

  async #renewLocks(): Promise<void> {
    if (this.#running.size === 0) return;
    try {
      await this.#options.queues.renewLocks([...this.#running]);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

function fateRecord(
  { job }: TakenJob,
  decision: Extract<JobDecision, { kind: "end" }>,
): FateRecord {
  return {
    requestId: job.invocation.requestId,
    functionName: job.invocation.functionName,
    fate: decision.fate,
    ...(decision.detail === undefined ? {} : { detail: decision.detail }),
    attempts: decision.begun === false ? job.nextAttempt - 1 : job.nextAttempt,
    decidedAtMs: Date.now(),
  };
}
