import type { Bus } from "./bus.ts";
import { busLimits } from "./limits.ts";
import { channels } from "./subjects.ts";

/**
 * The synchronous invocations that this process has in its hands: from a message that brings one
 * until its answer, or until it is passed on. The gateways are told once a second, so that a caller
 * whose invocation nobody has any more need not wait for a time-out. Costs nothing while there are
 * none, and no message on the way of an invocation.
 */
export class HeldInvocations {
  readonly #bus: Bus;
  readonly #holderId: string;
  readonly #held = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  /** `holderId`: a token of a subject that no other process has. */
  constructor(bus: Bus, holderId: string) {
    this.#bus = bus;
    this.#holderId = holderId;
    this.#timer = setInterval(() => this.#tell(), busLimits.heldIntervalMs);
  }

  add(requestId: string): void {
    this.#held.add(requestId);
  }

  delete(requestId: string): void {
    this.#held.delete(requestId);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    if (this.#held.size === 0 || !this.#bus.isConnected) return;
    const all = [...this.#held];
    for (let from = 0; from < all.length; from += busLimits.heldPerMessage) {
      const requestIds = all.slice(from, from + busLimits.heldPerMessage);
      this.#bus.publish(channels.held, { holderId: this.#holderId }, { requestIds });
    }
  }
}
