import { type Bus, type BusSubscription, channels } from "@paddock/bus";
import type { WorkerStatus } from "@paddock/contracts";
import { controlLimits } from "../limits.ts";
import type { Workers } from "../ports.ts";

/** Workers by their status messages, once a second; a silent one is forgotten. */
export class HeardWorkers implements Workers {
  readonly #heard = new Map<string, { status: WorkerStatus; atMs: number }>();
  readonly #subscription: BusSubscription;

  constructor(bus: Bus) {
    this.#subscription = bus.subscribe(channels.status, {}, ({ document }) => {
      if (this.#heard.size >= controlLimits.workersKnown) this.#forgetSilent();
      if (this.#heard.size >= controlLimits.workersKnown) return;
      this.#heard.set(document.workerId, { status: document, atMs: Date.now() });
    });
  }

  /** In the order of their ids. */
  list(): WorkerStatus[] {
    this.#forgetSilent();
    const statuses = [...this.#heard.values()].map(({ status }) => status);
    return statuses.toSorted((a, b) => (a.workerId < b.workerId ? -1 : 1));
  }

  runtimes(): ReadonlySet<string> | undefined {
    const workers = this.list();
    if (workers.length === 0) return undefined;
    return new Set(workers.flatMap((worker) => worker.runtimes));
  }

  stop(): void {
    this.#subscription.stop();
  }

  #forgetSilent(): void {
    const oldestMs = Date.now() - controlLimits.workerSilenceMs;
    for (const [workerId, { atMs }] of this.#heard) {
      if (atMs < oldestMs) this.#heard.delete(workerId);
    }
  }
}
