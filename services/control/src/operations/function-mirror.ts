import { setTimeout as delay } from "node:timers/promises";
/**
 * Carries the database's functions over to the read model. The database is the truth: whatever
 * happens in between, publishing again makes both agree. A function whose publishing failed is tried
 * again until it works; each function has one attempt at a time.
 */
import type { Scope } from "@paddock/lambda-model";
import type { WholeFunction } from "../core/model.ts";
import { toReadModel } from "../core/to-records.ts";
import { isUnsettled, settle, type Stamp } from "../core/transitions.ts";
import { controlLimits } from "../limits.ts";
import type { Followers, FunctionStore, Mirror, ReadModel } from "../ports.ts";
import { KeyedLock } from "./keyed-lock.ts";

export interface MirrorParts {
  readonly scope: Scope;
  readonly store: FunctionStore;
  readonly readModel: ReadModel;
  readonly followers: Followers;
  readonly stamp: () => Stamp;
  readonly onFailure: (functionName: string, error: unknown) => void;
}

interface Published {
  readonly whole: WholeFunction | undefined;
  readonly revision: number;
}

export class FunctionMirror implements Mirror {
  readonly #parts: MirrorParts;
  readonly #lock = new KeyedLock();
  readonly #settling = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(parts: MirrorParts) {
    this.#parts = parts;
  }

  async publish(functionName: string): Promise<void> {
    try {
      await this.#publishNow(functionName);
    } catch (error) {
      this.#parts.onFailure(functionName, error);
      this.settle(functionName);
    }
  }

  settle(functionName: string): void {
    if (this.#settling.has(functionName)) {
      // The running attempt may have read the database before this change.
      void this.#settling.get(functionName)?.then(() => this.settle(functionName));
      return;
    }
    const attempt = this.#settleUntilDone(functionName).finally(() => {
      this.#settling.delete(functionName);
    });
    this.#settling.set(functionName, attempt);
  }

  /**
   * Finds what database and read model do not agree on, and publishes it anew; finishes what was left
   * Pending or InProgress. Reads everything once, so that a start with many functions is quick.
   */
  async reconcile(): Promise<void> {
    const { store, readModel, scope } = this.#parts;
    const onlyHeld = new Set(await readModel.reload());
    for (const whole of await store.readAll()) {
      const { functionName } = whole.row;
      onlyHeld.delete(functionName);
      const isHeld = readModel.holds(functionName, toReadModel(whole, scope));
      // Reads the function again: it may have changed since.
      if (!isHeld) await this.#publishNow(functionName);
    }
    for (const functionName of onlyHeld) await this.#publishNow(functionName);
    for (const functionName of await store.listUnsettled()) this.settle(functionName);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#settling.values());
  }

  async #settleUntilDone(functionName: string): Promise<void> {
    let pauseMs: number = controlLimits.mirrorRetryMinMs;
    while (!this.#stopped.signal.aborted) {
      try {
        const { whole, revision } = await this.#publishNow(functionName);
        if (!(await this.#parts.followers.reached(revision))) {
          this.#parts.onFailure(functionName, new Error("not all who follow know of it"));
        }
        await this.#markSettled(whole);
        return;
      } catch (error) {
        this.#parts.onFailure(functionName, error);
      }
      await delay(pauseMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, controlLimits.mirrorRetryMaxMs);
    }
  }

  #publishNow(functionName: string): Promise<Published> {
    return this.#lock.run(functionName, async () => {
      const whole = await this.#parts.store.readWhole(functionName);
      const entry = whole === undefined ? undefined : toReadModel(whole, this.#parts.scope);
      const revision = await this.#parts.readModel.publish(functionName, entry);
      return { whole, revision };
    });
  }

  async #markSettled(whole: WholeFunction | undefined): Promise<void> {
    const { store, stamp } = this.#parts;
    for (const version of whole?.versions.filter(isUnsettled) ?? []) {
      // False: changed meanwhile, and whoever changed it settles it.
      await store.replace(version.revisionId, settle(version, stamp()));
    }
  }
}
