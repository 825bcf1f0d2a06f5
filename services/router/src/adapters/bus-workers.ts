import { type Bus, channels, NoRespondersError, RequestTimeoutError } from "@paddock/bus";
import type { DrainQueue, PreWarmEnvironment, ReclaimEnvironments } from "@paddock/contracts";
import { routerLimits } from "../limits.ts";
import type { QueueAddress, WorkerCommands } from "../ports.ts";

export class BusWorkers implements WorkerCommands {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  drain(workerId: string, command: DrainQueue): void {
    this.#bus.publish(channels.drain, { workerId }, command);
  }

  preWarm(workerId: string, command: PreWarmEnvironment): void {
    this.#bus.publish(channels.preWarm, { workerId }, command);
  }

  async reclaim(workerId: string, command: ReclaimEnvironments): Promise<readonly string[]> {
    const wait = { timeoutMs: routerLimits.reclaimTimeoutMs };
    try {
      const reply = await this.#bus.request(
        channels.reclaim,
        { workerId },
        command,
        undefined,
        wait,
      );
      return reply.document.environmentIds;
    } catch (error) {
      // It died, or is too busy to answer: it has nothing to give now.
      if (error instanceof NoRespondersError || error instanceof RequestTimeoutError) return [];
      throw error;
    }
  }

  hint({ functionName, version }: QueueAddress): void {
    this.#bus.publish(channels.queued, { functionName, version }, undefined);
  }
}
