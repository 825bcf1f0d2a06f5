import { randomUUID } from "node:crypto";
import type { Bus } from "./bus.ts";
import { busLimits } from "./limits.ts";
import { channels } from "./subjects.ts";

/**
 * Tells control how far this process's copy of the bucket `functions` has come: after each change,
 * and regularly, so that control knows whom it has to wait for.
 */
export class Follower {
  readonly #bus: Bus;
  readonly #followerId = randomUUID();
  readonly #revision: () => number;
  readonly #timer: NodeJS.Timeout;
  #isDue = false;

  constructor(bus: Bus, revision: () => number) {
    this.#bus = bus;
    this.#revision = revision;
    this.#timer = setInterval(() => this.#tell(false), busLimits.followerIntervalMs);
    this.#tell(false);
  }

  /** One message for all changes of one turn of the event loop. */
  changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#tell(false);
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#tell(true);
  }

  #tell(leaving: boolean): void {
    if (!this.#bus.isConnected) return;
    const status = { revision: this.#revision(), leaving };
    this.#bus.publish(channels.follower, { followerId: this.#followerId }, status);
  }
}
