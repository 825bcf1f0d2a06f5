import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type Bus, openTriggers } from "@paddock/bus";
import type { Trigger } from "@paddock/contracts";
import { type Database, listTriggers, readTrigger } from "@paddock/store";
import { controlLimits } from "../limits.ts";
import { KeyedLock } from "../operations/keyed-lock.ts";

/** Carries the database's triggers over to the bucket `triggers`; what fails is tried again. */
export class TriggerMirror {
  readonly #bus: Bus;
  readonly #database: Database;
  readonly #onFailure: (triggerId: string, error: unknown) => void;
  readonly #lock = new KeyedLock();
  readonly #retrying = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(
    bus: Bus,
    database: Database,
    onFailure: (triggerId: string, error: unknown) => void,
  ) {
    this.#bus = bus;
    this.#database = database;
    this.#onFailure = onFailure;
  }

  /** Never throws. Resolves when the bucket agrees, or when the first attempt has failed. */
  async publish(triggerId: string): Promise<void> {
    try {
      await this.#publishNow(triggerId);
    } catch (error) {
      this.#onFailure(triggerId, error);
      if (this.#retrying.has(triggerId)) return;
      const retrying = this.#retry(triggerId).finally(() => this.#retrying.delete(triggerId));
      this.#retrying.set(triggerId, retrying);
    }
  }

  async reconcile(): Promise<void> {
    const held = new Map<string, Trigger>();
    const watch = await openTriggers(this.#bus).watch(({ key, value }) => {
      if (value !== undefined) held.set(key, value);
    });
    watch.stop();
    const wanted = new Map((await listTriggers(this.#database)).map((t) => [t.triggerId, t]));
    for (const triggerId of new Set([...held.keys(), ...wanted.keys()])) {
      const isSame = isDeepStrictEqual(held.get(triggerId), wanted.get(triggerId));
      if (!isSame) await this.#publishNow(triggerId);
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#retrying.values());
  }

  #publishNow(triggerId: string): Promise<void> {
    return this.#lock.run(triggerId, async () => {
      const trigger = await readTrigger(this.#database, triggerId);
      const bucket = openTriggers(this.#bus);
      if (trigger === undefined) await bucket.delete(triggerId);
      else await bucket.put(triggerId, trigger);
    });
  }

  async #retry(triggerId: string): Promise<void> {
    let pauseMs: number = controlLimits.mirrorRetryMinMs;
    while (!this.#stopped.signal.aborted) {
      await delay(pauseMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      try {
        await this.#publishNow(triggerId);
        return;
      } catch (error) {
        this.#onFailure(triggerId, error);
      }
      pauseMs = Math.min(pauseMs * 2, controlLimits.mirrorRetryMaxMs);
    }
  }
}
