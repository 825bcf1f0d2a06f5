import type { EnvironmentGrant, Target, VersionRecord } from "@paddock/contracts";
import { routerLimits } from "../limits.ts";
import type {
  Clock,
  FateLedger,
  FunctionLookup,
  QueueAddress,
  QueueCounts,
  Queues,
  WorkerCommands,
} from "../ports.ts";
import { droppedJob } from "./accepted-event.ts";
import type { Fleet } from "./fleet.ts";
import type { Placer } from "./placement.ts";
import { Ramp } from "./ramp.ts";

/**
 * Gives queues with work the environments that they need, as long as more waits than environments
 * are on their way; ramp.ts says how many at a time. Looks at queues in the work index only; without
 * work it asks once a second, and a hint wakes it at once.
 */
export interface DispatcherParts {
  readonly queues: Queues;
  readonly functions: FunctionLookup;
  readonly workers: WorkerCommands;
  readonly fleet: Fleet;
  readonly placer: Placer;
  readonly fates: FateLedger;
  readonly clock: Clock;
  readonly onRecovered: (requestIds: readonly string[]) => void;
}

/** What is remembered of a queue while it has work. */
interface WorkingQueue {
  readonly ramp: Ramp;
  recoveredAtMs: number;
}

export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #working = new Map<string, WorkingQueue>();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** One look at all queues that are due. Returns how long to wait before the next, ms. */
  async tick(): Promise<number> {
    const { queues, clock } = this.#parts;
    const due = await queues.dueQueues();
    this.#forgetAllBut(due);
    let hasReady = false;
    for (const queue of due) hasReady = (await this.#serve(queue)) || hasReady;
    if (hasReady) return routerLimits.dispatchTickMs;
    const nextMs = (await queues.nextLookMs()) ?? Number.POSITIVE_INFINITY;
    const untilNextMs = Math.max(nextMs - clock.nowMs(), 1);
    return Math.min(untilNextMs, routerLimits.idleLookMs);
  }

  /** Whether something in the queue waits for an environment. */
  async #serve(queue: QueueAddress): Promise<boolean> {
    const { queues, functions } = this.#parts;
    let counts = await queues.look(queue);
    if (counts.lookAgainMs === undefined) return false;
    const record = functions.getFunction(queue.functionName);
    const version = functions.getVersion(queue.functionName, queue.version);
    if (record === undefined || version === undefined) return this.#giveUp(queue, "dropped");
    const working = this.#workingQueue(queue);
    if (await this.#recover(queue, counts, working)) counts = await queues.look(queue);
    if (record.reservedConcurrency === 0) return this.#giveUp(queue, "zero");
    if (counts.ready === 0) return false;
    this.#parts.workers.hint(queue);
    await this.#grant(queue, version, counts, working.ramp);
    return true;
  }

  async #grant(
    queue: QueueAddress,
    version: VersionRecord,
    { ready, finished }: QueueCounts,
    ramp: Ramp,
  ): Promise<void> {
    const { fleet, clock, placer, workers } = this.#parts;
    const target: Target = { ...queue, configId: version.configId };
    const nowMs = clock.nowMs();
    const environments = fleet.total(target, nowMs);
    const wanted = ready - fleet.comingOrIdle(target, nowMs);
    const count = Math.min(wanted, ramp.allowed({ nowMs, ready, finished, environments }));
    const byWorker = new Map<string, EnvironmentGrant[]>();
    for (let granted = 0; granted < count; granted += 1) {
      // A queue that has no environment at all must not wait behind others' idle ones.
      const isStarved = granted === 0 && fleet.total(target, clock.nowMs()) === 0;
      const placement = await placer.place(target, version, isStarved);
      if (placement.kind !== "placed") break;
      const grants = byWorker.get(placement.workerId) ?? [];
      byWorker.set(placement.workerId, [...grants, placement.grant]);
    }
    for (const [workerId, grants] of byWorker) workers.drain(workerId, { target, grants });
    if (byWorker.size > 0) ramp.granted();
  }

  /** Whether jobs that lost their worker wait again. */
  async #recover(
    queue: QueueAddress,
    counts: QueueCounts,
    working: WorkingQueue,
  ): Promise<boolean> {
    const nowMs = this.#parts.clock.nowMs();
    // Between two checks the queue package does nothing: asking at each look of a busy queue
    // would be a command for nothing.
    if (counts.active === 0 || nowMs - working.recoveredAtMs < routerLimits.idleLookMs)
      return false;
    working.recoveredAtMs = nowMs;
    const recovered = await this.#parts.queues.recoverStalled(queue);
    if (recovered.length > 0) this.#parts.onRecovered(recovered);
    return recovered.length > 0;
  }

  /** Nobody will run these jobs: each gets its fate on record, some at each tick. */
  async #giveUp(queue: QueueAddress, why: "dropped" | "zero"): Promise<boolean> {
    const { queues, fates, clock } = this.#parts;
    const ended = await queues.giveUp(queue, routerLimits.giveUpBatch, (jobs) =>
      fates.record(
        jobs.map((job) => {
          const nowMs = clock.nowMs();
          const dropped = droppedJob(job, nowMs, "the function does not exist any more");
          return why === "dropped"
            ? dropped
            : { ...dropped, fate: "failed", detail: "ZeroReservedConcurrency" };
        }),
      ),
    );
    return ended > 0;
  }

  #workingQueue({ functionName, version }: QueueAddress): WorkingQueue {
    const key = `${functionName}/${version}`;
    const working = this.#working.get(key) ?? { ramp: new Ramp(), recoveredAtMs: 0 };
    this.#working.set(key, working);
    return working;
  }

  #forgetAllBut(due: readonly QueueAddress[]): void {
    const kept = new Set(due.map(({ functionName, version }) => `${functionName}/${version}`));
    for (const key of this.#working.keys()) if (!kept.has(key)) this.#working.delete(key);
  }
}
