/** A light, steady load of both kinds of invocation, with what every caller was told. */
import { setTimeout as sleep } from "node:timers/promises";
import { faultLimits } from "./limits.ts";
import type { FaultyStack } from "./stack.fixture.ts";

export class LightLoad {
  readonly accepted = new Set<string>();
  readonly answered = new Set<string>();
  /** Callers that were told that it did not work. */
  readonly refusals: string[] = [];
  /** Callers that were told nothing within their bound. */
  readonly unanswered: string[] = [];
  readonly #stack: FaultyStack;
  readonly #functionName: string;
  readonly #ending = new AbortController();
  /** Calls whose callers wait, and the loop that makes them. */
  readonly #underWay = new Set<Promise<void>>();
  readonly #loop: Promise<void>;

  constructor(stack: FaultyStack, functionName: string) {
    this.#stack = stack;
    this.#functionName = functionName;
    this.#loop = this.#callAtIntervals();
  }

  /** Resolves when that many more calls of both kinds went well. */
  async succeeds(): Promise<void> {
    const accepted = this.accepted.size + faultLimits.loadCalls;
    const answered = this.answered.size + faultLimits.loadCalls;
    await this.#stack.eventually(async () => {
      if (this.accepted.size >= accepted && this.answered.size >= answered) return;
      const reasons = [...new Set(this.refusals.slice(-10)), ...this.unanswered].join("; ");
      throw new Error(`${this.#functionName} is not being invoked: ${reasons}`);
    });
  }

  /** Calls nobody any more. Those who wait for an answer go on waiting: see `ended`. */
  stop(): void {
    this.#ending.abort();
  }

  /** Resolves when every caller was told something, or has waited in vain. */
  async ended(): Promise<void> {
    await this.#loop;
    await Promise.all(this.#underWay);
  }

  /** Does not wait for answers: one caller that waits must not keep others from calling. */
  async #callAtIntervals(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      if (this.#underWay.size < faultLimits.loadUnderWay) {
        this.#begin(async () => {
          this.accepted.add(await this.#stack.accept(this.#functionName));
        });
        this.#begin(async () => {
          this.answered.add((await this.#stack.invoke(this.#functionName)).requestId);
        });
      }
      await sleep(faultLimits.loadPauseMs);
    }
  }

  #begin(call: () => Promise<void>): void {
    const ended = call()
      .catch((error: unknown) => {
        // Ours, not an answer: see AbortSignal.timeout in the fixture of the stack.
        const isOurs = error instanceof Error && error.name === "AbortError";
        (isOurs ? this.unanswered : this.refusals).push(String(error));
      })
      .finally(() => this.#underWay.delete(ended));
    this.#underWay.add(ended);
  }
}
