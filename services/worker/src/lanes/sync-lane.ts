/**
 * Synchronous invocations: the warm lane (a queue group per target), and what the router places.
 * An invocation that finds no free environment waits a few milliseconds, then goes to the router,
 * which alone decides whether there is to be one more.
 */
import type { Bus, BusMessage, BusSubscription } from "@paddock/bus";
import { channels, HeldInvocations } from "@paddock/bus";
import type {
  InvocationResult,
  PlacedInvocation,
  SyncInvocation,
  Target,
} from "@paddock/contracts";
import { lostAttempt } from "@paddock/lambda-model";
import {
  type AttemptRequest,
  type AttemptResult,
  beginningOf,
  usageRecord,
} from "../core/attempt.ts";
import type { ExecutionEnvironment } from "../environments/execution-environment.ts";
import { targetKey, type Work, type WorkerPool } from "../environments/worker-pool.ts";
import { limits } from "../limits.ts";
import type { UsageRecorder, VersionSource } from "../ports.ts";
import { type Asker, HeldAsker } from "./asker.ts";

type Attempted = AttemptResult & { readonly logTail?: string };

export interface SyncLaneOptions {
  readonly bus: Bus;
  readonly workerId: string;
  readonly pool: WorkerPool;
  readonly recorder: UsageRecorder;
  readonly versions: Pick<VersionSource, "currentTarget">;
}

export class SyncLane {
  readonly #options: SyncLaneOptions;
  readonly #held: HeldInvocations;
  readonly #subscriptions = new Map<string, BusSubscription>();
  #placed: BusSubscription | undefined;

  constructor(options: SyncLaneOptions) {
    this.#options = options;
    this.#held = new HeldInvocations(options.bus, options.workerId);
  }

  start(): void {
    const { bus, workerId } = this.#options;
    this.#placed = bus.subscribe(channels.run, { workerId }, (message) => this.#place(message));
  }

  /** There is an environment of this target: its invocations may come here. */
  join(target: Target): void {
    const subscription = this.#options.bus.subscribe(channels.invoke, target, (message) =>
      this.#offer(message),
    );
    this.#subscriptions.set(targetKey(target), subscription);
  }

  leave(target: Target): void {
    const key = targetKey(target);
    const subscription = this.#subscriptions.get(key);
    this.#subscriptions.delete(key);
    // Drained, not stopped: what NATS has handed over already still goes on to the router.
    void subscription?.drain();
  }

  async stop(): Promise<void> {
    const all = [...this.#subscriptions.values()];
    if (this.#placed !== undefined) all.push(this.#placed);
    this.#subscriptions.clear();
    await Promise.all(all.map((subscription) => subscription.drain()));
  }

  /** After the last invocation has ended. */
  close(): void {
    this.#held.stop();
  }

  #offer(message: BusMessage<Target, SyncInvocation, InvocationResult>): void {
    this.#runOrPassOn(message.document, message);
  }

  /** Waits a little for an environment: one that has just answered is free in a moment. */
  #runOrPassOn(invocation: SyncInvocation, message: Asker): void {
    const { requestId, target, expiresAtMs } = invocation;
    if (expiresAtMs < Date.now()) return;
    const asker = new HeldAsker(this.#held, requestId, message);
    const pool = this.#options.pool.find(target);
    if (pool === undefined) return this.#passOn(invocation, asker);
    const work = this.#work(invocation, asker);
    if (pool.tryRun(work)) return;
    const giveUp = (): void => this.#passOn(invocation, asker);
    pool.wait({ work, giveUp, expiresAtMs, waitMs: limits.localWaitMs });
  }

  #place(message: BusMessage<{ workerId: string }, PlacedInvocation, InvocationResult>): void {
    const { invocation, grant } = message.document;
    if (grant === undefined) return this.#runOrPassOn(invocation, message);
    const { requestId, target, expiresAtMs } = invocation;
    const asker = new HeldAsker(this.#held, requestId, message);
    if (this.#isReplaced(target)) {
      // An environment of another configuration may be larger than what was granted.
      this.#options.pool.decline(grant);
      return this.#passOn(invocation, asker);
    }
    const work = this.#work(invocation, asker);
    const home = this.#options.pool.poolFor(target);
    if (!home.tryRun(work)) {
      const giveUp = (why: string): void => {
        if (this.#isReplaced(target)) this.#passOn(invocation, asker);
        else refuse(asker, invocation, why);
      };
      home.wait({ work, giveUp, expiresAtMs });
    }
    void this.#options.pool.grow(target, grant);
  }

  #isReplaced(target: Target): boolean {
    return this.#options.versions.currentTarget(target).configId !== target.configId;
  }

  /** With the target that is the present one here: the router may not have heard of it yet. */
  #passOn(invocation: SyncInvocation, asker: Asker): void {
    const { workerId, versions } = this.#options;
    const target = versions.currentTarget(invocation.target);
    const triedWorkerIds = [...invocation.triedWorkerIds, workerId];
    asker.forward(channels.admit, {}, { ...invocation, target, triedWorkerIds }, asker.payload);
  }

  #work(invocation: SyncInvocation, asker: Asker): Work {
    return async (environment) => {
      const request = {
        invocation,
        invocationType: "RequestResponse",
        attempt: 1,
        event: asker.payload,
        wantsLogTail: invocation.wantsLogTail,
        ...(invocation.clientContext === undefined
          ? {}
          : { clientContext: invocation.clientContext }),
      } as const;
      try {
        answer(asker, invocation, environment, await this.#attempt(environment, request));
      } catch (error) {
        refuse(asker, invocation, "the worker could not record it");
        throw error;
      }
      await environment.settle();
    };
  }

  /** Rejects only where the journal does, as on a full disk. */
  async #attempt(environment: ExecutionEnvironment, request: AttemptRequest): Promise<Attempted> {
    const { recorder } = this.#options;
    const beginning = beginningOf(request, environment.facts);
    recorder.recordBegun(lostAttempt(beginning, Date.now()));
    const result = await environment.run(request);
    recorder.recordUsage(usageRecord(beginning, result));
    return result;
  }
}

function answer(
  asker: Asker,
  invocation: SyncInvocation,
  environment: ExecutionEnvironment,
  result: Attempted,
): void {
  if (result.outcome === "platform-error") {
    refuse(asker, invocation, Buffer.from(result.payload).toString("utf8"));
    return;
  }
  asker.respond(
    {
      status: "completed",
      requestId: invocation.requestId,
      executedVersion: environment.target.version,
      ...(result.outcome === "succeeded" ? {} : { functionError: "Unhandled" as const }),
      ...(result.logTail === undefined ? {} : { logTailBase64: result.logTail }),
    },
    result.payload,
  );
}

function refuse(asker: Asker, invocation: SyncInvocation, why: string): void {
  asker.respond({
    status: "refused",
    requestId: invocation.requestId,
    errorCode: "ServiceException",
    message: `The invocation could not be carried out: ${why}`,
  });
}
