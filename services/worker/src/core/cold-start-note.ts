/** What the next attempt's record says of a cold start: why there was one, and where the time went. */
import type {
  AttemptOutcome,
  ColdStart,
  ColdStartPhases,
  ColdStartReason,
} from "@paddock/contracts";

export class ColdStartNote {
  #coldStart: ColdStart | undefined;
  #lastOutcome: AttemptOutcome | undefined;

  /** A new environment, and why the router allowed it. */
  constructor(reason: ColdStartReason) {
    this.#coldStart = reason;
  }

  /** Undefined where the attempt's environment was ready. */
  get current(): ColdStart | undefined {
    return this.#coldStart;
  }

  /**
   * A process was started and loaded the function, or failed to. In an environment that has served
   * before it is a reset; one whose first initialisation failed keeps the reason it was made for.
   */
  started(phases: ColdStartPhases): void {
    this.#coldStart = { ...(this.#coldStart ?? this.#reset()), phases };
  }

  ended(outcome: AttemptOutcome): void {
    this.#lastOutcome = outcome;
  }

  /** The attempt's record is written. */
  settled(): void {
    this.#coldStart = undefined;
  }

  #reset(): ColdStartReason {
    const after = this.#lastOutcome;
    return { kind: "reset", ...(after === undefined ? {} : { after }) };
  }
}
