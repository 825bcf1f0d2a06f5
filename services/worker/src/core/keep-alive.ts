/**
 * How long idle environments are kept here: what the router has learned of their function's idle
 * times, as far as that says something, and a fixed time-out otherwise.
 */
import type { IdleHistory, Target } from "@paddock/contracts";
import {
  fixedWindows,
  IdleHistogram,
  idleLimitMs,
  type IdleWindows,
  learnedWindows,
} from "@paddock/lambda-model";

export interface KeepAliveOptions {
  readonly policy: "fixed" | "histogram";
  readonly timeoutMs: number;
}

type VersionName = Pick<Target, "functionName" | "version">;

export class KeepAlive {
  readonly #policy: KeepAliveOptions["policy"];
  readonly #fixed: IdleWindows;
  readonly #learned = new Map<string, IdleWindows>();

  constructor({ policy, timeoutMs }: KeepAliveOptions) {
    this.#policy = policy;
    this.#fixed = fixedWindows(timeoutMs);
  }

  /** Undefined: it was forgotten. */
  learn(of: VersionName, history: IdleHistory | undefined): void {
    const windows = history && learnedWindows(IdleHistogram.from(history));
    if (windows === undefined) this.#learned.delete(keyOf(of));
    else this.#learned.set(keyOf(of), windows);
  }

  /** `isUsed`: the environment has worked before; otherwise it was made ahead, or for nothing. */
  keptMs(target: VersionName, isUsed: boolean): number {
    const learned = this.#policy === "fixed" ? undefined : this.#learned.get(keyOf(target));
    return idleLimitMs(learned ?? this.#fixed, !isUsed);
  }
}

function keyOf({ functionName, version }: VersionName): string {
  return `${functionName}/${version}`;
}
