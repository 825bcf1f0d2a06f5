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

/**
 * Gives queues with work the environments that they need: 1, 2, 4 … at each tick, as long as more
 * waits than environments are on their way. Looks at queues in the work index only; without work
 * it asks once a second, and a hint wakes it at once.
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

interface Ramp {
  /** Grants allowed at the next tick. */
  step: number;
  recoveredAtMs: number;
}

export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #ramps = new Map<string, Ramp>();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** One look at all queues that are due. Returns how long to wait before the next, ms. */
  async tick(): Promise<number> {
    const { queues, clock } = this.#parts;
    const due = await queues.dueQueues();
    this.#forgetRampsBut(due);
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
    const ramp = this.#ramp(queue);
    if (await this.#recover(queue, counts, ramp)) counts = await queues.look(queue);
    if (record.reservedConcurrency === 0) return this.#giveUp(queue, "zero");
    if (counts.ready === 0) return false;
    this.#parts.workers.hint(queue);
    await this.#grant(queue, version, counts.ready, ramp);
    return true;
  }

  async #grant(
    queue: QueueAddress,
    version: VersionRecord,
    ready: number,
    ramp: Ramp,
  ): Promise<void> {
    const { fleet, clock, placer, workers } = this.#parts;
    const target: Target = { ...queue, configId: version.configId };
    const wanted = ready - fleet.comingOrIdle(target, clock.nowMs());
    const count = Math.min(wanted, ramp.step, routerLimits.grantsPerTick);
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
    if (byWorker.size > 0) ramp.step = Math.min(ramp.step * 2, routerLimits.grantsPerTick);
  }

  /** Whether jobs that lost their worker wait again. */
  async #recover(queue: QueueAddress, counts: QueueCounts, ramp: Ramp): Promise<boolean> {
    const nowMs = this.#parts.clock.nowMs();
    // Between two checks the queue package does nothing: asking at each look of a busy queue
    // would be a command for nothing.
    if (counts.active === 0 || nowMs - ramp.recoveredAtMs < routerLimits.idleLookMs) return false;
    ramp.recoveredAtMs = nowMs;
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

  #ramp({ functionName, version }: QueueAddress): Ramp {
    const key = `${functionName}/${version}`;
    const ramp = this.#ramps.get(key) ?? { step: 1, recoveredAtMs: 0 };
    this.#ramps.set(key, ramp);
    return ramp;
  }

  #forgetRampsBut(due: readonly QueueAddress[]): void {
    const kept = new Set(due.map(({ functionName, version }) => `${functionName}/${version}`));
    for (const key of this.#ramps.keys()) if (!kept.has(key)) this.#ramps.delete(key);
  }
}
