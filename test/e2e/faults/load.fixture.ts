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
  readonly #loops: Promise<void>[];

  constructor(stack: FaultyStack, functionName: string) {
    this.#stack = stack;
    this.#functionName = functionName;
    this.#loops = [
      this.#repeat(async () => void this.accepted.add(await stack.accept(functionName))),
      this.#repeat(async () => {
        this.answered.add((await stack.invoke(functionName)).requestId);
      }),
    ];
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

  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#loops);
  }

  async #repeat(call: () => Promise<void>): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        await call();
      } catch (error) {
        const isUnanswered =
          error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name);
        (isUnanswered ? this.unanswered : this.refusals).push(String(error));
      }
      await sleep(faultLimits.loadPauseMs);
    }
  }
}
