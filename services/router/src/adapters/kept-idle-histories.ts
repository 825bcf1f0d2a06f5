import { type Bus, type FunctionChange, openIdleHistories } from "@paddock/bus";
import type { IdleHistories } from "../core/idle-histories.ts";

/** What was learned of idle times, where the next router and the workers find it. */
export class KeptIdleHistories {
  readonly #bucket: ReturnType<typeof openIdleHistories>;
  readonly #histories: IdleHistories;
  readonly #onError: (error: unknown) => void;

  constructor(bus: Bus, histories: IdleHistories, onError: (error: unknown) => void) {
    this.#bucket = openIdleHistories(bus);
    this.#histories = histories;
    this.#onError = onError;
  }

  /** What is kept so far. Without it the router learns from the beginning. */
  async restore(): Promise<void> {
    try {
      const watch = await this.#bucket.watch(({ value }) => {
        if (value !== undefined) this.#histories.restore(value);
      });
      watch.stop();
    } catch (error) {
      this.#onError(error);
    }
  }

  async save(nowMs: number): Promise<void> {
    this.#histories.forgetSilent(nowMs);
    const changed = this.#histories.takeChanged(nowMs);
    const saved = await Promise.allSettled(
      changed.map((history) => this.#bucket.put(history, history)),
    );
    const failed = saved.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") this.#onError(failed.reason);
  }

  /** A function version that is gone has no future. */
  async follow({ functionName, version, deleted }: FunctionChange): Promise<void> {
    if (!deleted || version === undefined) return;
    this.#histories.forget({ functionName, version });
    await this.#bucket.delete({ functionName, version }).catch(this.#onError);
  }
}
