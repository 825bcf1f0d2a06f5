/**
 * Stops idle environments from using CPU time. An environment is frozen once it has been idle for a
 * moment, so that one in steady use never is, and thawed before its next work. In between, timers and
 * threads that an invocation left behind stand still; they go on with the next one, as on Lambda.
 */
import { limits } from "../limits.ts";

export interface Freezable {
  readonly environmentId: string;
  freeze(): void;
  thaw(): void;
}

export class IdleFreezer<Environment extends Freezable> {
  readonly #onProblem: (environmentId: string, error: unknown) => void;
  /** Those that are not frozen yet, with the time since which they are idle: the oldest first. */
  readonly #resting = new Map<Environment, number>();
  readonly #frozen = new Set<Environment>();
  #isScheduled = false;

  constructor(onProblem: (environmentId: string, error: unknown) => void) {
    this.#onProblem = onProblem;
  }

  isFrozen(environment: Environment): boolean {
    return this.#frozen.has(environment);
  }

  /** The environment has nothing to do. */
  rest(environment: Environment): void {
    this.#resting.set(environment, performance.now());
    if (!this.#isScheduled) this.#freezeDueIn(limits.freezeAfterIdleMs);
  }

  /** The environment is about to work. False: it cannot be woken, and nothing will run in it. */
  wake(environment: Environment): boolean {
    this.#resting.delete(environment);
    if (!this.#frozen.delete(environment)) return true;
    try {
      environment.thaw();
      return true;
    } catch (error) {
      this.#onProblem(environment.environmentId, error);
      return false;
    }
  }

  /** The environment is about to be destroyed, which thaws it where that is necessary. */
  forget(environment: Environment): void {
    this.#resting.delete(environment);
    this.#frozen.delete(environment);
  }

  #freezeDueIn(pauseMs: number): void {
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      this.#freezeDue();
    }, pauseMs);
  }

  /** Some at a time: after a burst, freezing all at once would keep the worker from its invocations. */
  #freezeDue(): void {
    const due = performance.now() - limits.freezeAfterIdleMs;
    let count = 0;
    for (const [environment, sinceMs] of this.#resting) {
      // Timers may be early by less than a millisecond.
      const remainingMs = Math.ceil(sinceMs - due);
      if (remainingMs > 0 || count >= limits.freezesPerTurn) {
        this.#freezeDueIn(Math.max(remainingMs, limits.freezeTurnPauseMs));
        return;
      }
      this.#freeze(environment);
      count += 1;
    }
  }

  #freeze(environment: Environment): void {
    this.#resting.delete(environment);
    try {
      environment.freeze();
      this.#frozen.add(environment);
    } catch (error) {
      this.#onProblem(environment.environmentId, error);
    }
  }
}
