import type { Redis } from "ioredis";
import { keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

/**
 * Which router dispatches: one at a time, so that two do not both grant environments for the same
 * waiting jobs. Two for a moment do no harm: what they grant is bounded by the leases.
 */
export class DispatchTerm {
  readonly #redis: Redis;
  readonly #scripts: Scripts;

  constructor(redis: Redis, scripts: Scripts) {
    this.#redis = redis;
    this.#scripts = scripts;
  }

  /** True: `routerId` dispatches for the next `termMs`. False: another one does. */
  async renew(routerId: string, termMs: number): Promise<boolean> {
    return (
      (await this.#scripts.run("renewDispatchTerm", [keys.dispatchTerm], [routerId, termMs])) === 1
    );
  }

  /** Lets another one dispatch at once. */
  async end(routerId: string): Promise<void> {
    await this.#scripts.run("renewDispatchTerm", [keys.dispatchTerm], [routerId, 0]);
  }

  async holder(): Promise<string | undefined> {
    return (await this.#redis.get(keys.dispatchTerm)) ?? undefined;
  }
}
