import type { InvocationJob } from "@paddock/contracts";
import type { InvocationQueues, TakenJob } from "@paddock/queue";
import type { QueueAddress, QueueCounts, Queues } from "../ports.ts";

/** The queue package's queues, and the giving up of one. */
export class RedisQueues implements Queues {
  readonly #queues: InvocationQueues;

  constructor(queues: InvocationQueues) {
    this.#queues = queues;
  }

  addMany(jobs: readonly InvocationJob[]): Promise<readonly QueueAddress[]> {
    return this.#queues.addMany(jobs);
  }

  look(queue: QueueAddress): Promise<QueueCounts> {
    return this.#queues.look(queue);
  }

  dueQueues(): Promise<readonly QueueAddress[]> {
    return this.#queues.dueQueues();
  }

  nextLookMs(): Promise<number | undefined> {
    return this.#queues.nextLookMs();
  }

  recoverStalled(queue: QueueAddress): Promise<readonly string[]> {
    return this.#queues.recoverStalled(queue);
  }

  async giveUp(
    queue: QueueAddress,
    count: number,
    record: (jobs: readonly InvocationJob[]) => Promise<void>,
  ): Promise<number> {
    await this.#queues.promoteDelayed(queue);
    const taken: TakenJob[] = [];
    while (taken.length < count) {
      const next = await this.#queues.takeNext(queue);
      if (next.taken === undefined) break;
      taken.push(next.taken);
    }
    if (taken.length === 0) return 0;
    await record(taken.map(({ job }) => job));
    await Promise.all(taken.map((each) => this.#queues.complete(each, { takeNext: false })));
    return taken.length;
  }
}
