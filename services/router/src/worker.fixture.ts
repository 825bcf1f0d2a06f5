import { type Bus, channels } from "@paddock/bus";
import type {
  EnvironmentGrant,
  PlacedInvocation,
  PreWarmEnvironment,
  Target,
} from "@paddock/contracts";
import type { QueueConnection, TakenJob } from "@paddock/queue";
import { targetKey } from "./core/fleet.ts";
import { environmentsOf, targetOf, workerStatus } from "./records.fixture.ts";

/**
 * The worker's side of the agreement, without sandboxes: it keeps leases, says what it holds, runs
 * what it is given when the test lets it, and gives up idle environments.
 */
interface Held {
  readonly grant: EnvironmentGrant;
  readonly target: Target;
  busy: boolean;
}

export interface RunSeen {
  readonly placed: PlacedInvocation;
  finish(): void;
}

export interface TestWorkerOptions {
  readonly bus: Bus;
  readonly queue: QueueConnection;
  readonly workerId: string;
  readonly memoryMb: number;
  /** False: an invocation runs until the test calls `finish`. */
  readonly answersAtOnce: boolean;
  readonly leaseMs?: number;
}

export class TestWorker {
  readonly runs: RunSeen[] = [];
  readonly jobs: TakenJob[] = [];
  readonly drains: EnvironmentGrant[][] = [];
  readonly preWarmed: PreWarmEnvironment[] = [];
  readonly held = new Map<string, Held>();
  readonly #options: TestWorkerOptions;

  private constructor(options: TestWorkerOptions) {
    this.#options = options;
  }

  static async start(options: TestWorkerOptions): Promise<TestWorker> {
    const worker = new TestWorker(options);
    const { bus, workerId } = options;
    bus.subscribe(channels.run, { workerId }, (message) => {
      const { requestId } = message.document.invocation;
      worker.#run(message.document, () =>
        message.respond(
          { status: "completed", requestId, executedVersion: "$LATEST" },
          message.payload,
        ),
      );
    });
    bus.subscribe(channels.reclaim, { workerId }, async (message) => {
      const { functionName, exceptTarget, count } = message.document;
      const idle = [...worker.held.values()].filter(
        (each) =>
          !each.busy &&
          (functionName === undefined || each.target.functionName === functionName) &&
          (exceptTarget === undefined || targetKey(each.target) !== targetKey(exceptTarget)),
      );
      const environmentIds = idle.slice(0, count).map(({ grant }) => grant.environmentId);
      for (const id of environmentIds) worker.held.delete(id);
      await options.queue.leases.release(environmentIds);
      message.respond({ environmentIds });
    });
    bus.subscribe(channels.preWarm, { workerId }, ({ document }) => {
      worker.preWarmed.push(document);
      worker.held.set(document.grant.environmentId, { ...document, busy: false });
    });
    bus.subscribe(channels.drain, { workerId }, ({ document: { target, grants } }) => {
      worker.drains.push([...grants]);
      for (const grant of grants) void worker.#drain(target, grant);
    });
    await worker.beat();
    return worker;
  }

  /** What a worker says once a second. */
  async beat(): Promise<void> {
    const { bus, queue, workerId, memoryMb, leaseMs } = this.#options;
    await queue.leases.heartbeat(workerId, memoryMb, leaseMs ?? 60_000);
    const byTarget = Map.groupBy(this.held.values(), ({ target }) => targetKey(target));
    const environments = [...byTarget.values()].map((group) =>
      environmentsOf(group[0]?.target ?? targetOf("none"), {
        busy: group.filter(({ busy }) => busy).length,
        idle: group.filter(({ busy }) => !busy).length,
      }),
    );
    const sizes = [...this.held.values()].map(({ grant }) => grant.memoryMb);
    const memoryGrantedMb = sizes.reduce((sum, size) => sum + size, 0);
    const over = { memoryCapacityMb: memoryMb, memoryGrantedMb };
    bus.publish(channels.status, { workerId }, workerStatus(workerId, environments, over));
    await bus.flush();
  }

  #run(placed: PlacedInvocation, answer: () => void): void {
    const { target } = placed.invocation;
    const { grant } = placed;
    const idle = [...this.held.values()].find(
      (each) => !each.busy && targetKey(each.target) === targetKey(target),
    );
    const environment = grant === undefined ? idle : { grant, target, busy: false };
    if (environment === undefined) throw new Error("the router offered what is not there");
    environment.busy = true;
    this.held.set(environment.grant.environmentId, environment);
    const finish = (): void => {
      environment.busy = false;
      answer();
    };
    this.runs.push({ placed, finish });
    if (this.#options.answersAtOnce) finish();
  }

  async #drain(target: Target, grant: EnvironmentGrant): Promise<void> {
    const environment = { grant, target, busy: true };
    this.held.set(grant.environmentId, environment);
    const { queues } = this.#options.queue;
    let { taken } = await queues.takeNext(target);
    while (taken !== undefined) {
      this.jobs.push(taken);
      ({ taken } = await queues.complete(taken, { takeNext: true }));
    }
    environment.busy = false;
  }
}
