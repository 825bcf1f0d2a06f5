import { type Bus, type BusSubscription, busLimits, channels } from "@paddock/bus";
import { controlLimits } from "../limits.ts";
import type { Followers } from "../ports.ts";

interface Heard {
  readonly revision: number;
  readonly atMs: number;
}

/**
 * Gateways, routers and workers by what they say of their copies of the read model. One that says
 * nothing for a while is gone, or was paused and reads what it missed before anything else.
 */
export class HeardFollowers implements Followers {
  readonly #heard = new Map<string, Heard>();
  readonly #subscription: BusSubscription;
  readonly #onWord = new Set<() => void>();
  /** Before, some may be there that have not said so yet. */
  readonly #knowsAllAtMs = Date.now() + busLimits.followerIntervalMs + controlLimits.followerLateMs;
  #stopped = false;

  constructor(bus: Bus) {
    this.#subscription = bus.subscribe(channels.follower, {}, ({ address, document }) => {
      const { revision, leaving } = document;
      if (leaving) this.#heard.delete(address.followerId);
      else this.#heard.set(address.followerId, { revision, atMs: Date.now() });
      this.#wake();
    });
  }

  async reached(revision: number): Promise<boolean> {
    const giveUpAtMs = Date.now() + controlLimits.followersWaitMs;
    while (this.#isAnyBehind(revision) && !this.#stopped) {
      if (Date.now() > giveUpAtMs) return false;
      await this.#nextWord();
    }
    return true;
  }

  stop(): void {
    this.#stopped = true;
    this.#subscription.stop();
    this.#wake();
  }

  #isAnyBehind(revision: number): boolean {
    const nowMs = Date.now();
    for (const [followerId, { atMs }] of this.#heard) {
      if (nowMs - atMs > controlLimits.followerSilenceMs) this.#heard.delete(followerId);
    }
    const revisions = [...this.#heard.values()].map((each) => each.revision);
    return nowMs < this.#knowsAllAtMs || revisions.some((reached) => reached < revision);
  }

  /** Silence has to be noticed too. */
  async #nextWord(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, controlLimits.followerPollMs);
    this.#onWord.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#onWord.delete(resolve);
  }

  #wake(): void {
    for (const resolve of this.#onWord) resolve();
  }
}
