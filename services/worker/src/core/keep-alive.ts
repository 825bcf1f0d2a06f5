/**
 * How long idle environments are kept here, and which go first: what the router has learned of their function's idle
 * times, as far as that says something, and a fixed time-out otherwise.
 */
import type { IdleHistory, Target } from "@paddock/contracts";
import {
  fixedWindows,
  type IdleEnvironmentFigures,
  IdleHistogram,
  idleLimitMs,
  type IdleWindows,
  keepingValue,
  learnedWindows,
} from "@paddock/lambda-model";

export interface KeepAliveOptions {
  readonly policy: "fixed" | "histogram";
  readonly timeoutMs: number;
}

interface Learned {
  readonly histogram: IdleHistogram;
  /** Undefined: the histogram does not represent the function. */
  readonly windows: IdleWindows | undefined;
}

type VersionName = Pick<Target, "functionName" | "version">;

export class KeepAlive {
  readonly #policy: KeepAliveOptions["policy"];
  readonly #fixed: IdleWindows;
  readonly #learned = new Map<string, Learned>();

  constructor({ policy, timeoutMs }: KeepAliveOptions) {
    this.#policy = policy;
    this.#fixed = fixedWindows(timeoutMs);
  }

  /** Undefined: it was forgotten. */
  learn(of: VersionName, history: IdleHistory | undefined): void {
    if (history === undefined) {
      this.#learned.delete(keyOf(of));
      return;
    }
    const histogram = IdleHistogram.from(history);
    this.#learned.set(keyOf(of), { histogram, windows: learnedWindows(histogram) });
  }

  /** `isUsed`: the environment has worked before; otherwise it was made ahead, or for nothing. */
  keptMs(target: VersionName, isUsed: boolean): number {
    const learned = this.#policy === "fixed" ? undefined : this.#learned.get(keyOf(target));
    return idleLimitMs(learned?.windows ?? this.#fixed, !isUsed);
  }

  /** What an idle environment is worth for each MB: whatever the policy, some must go first. */
  value(target: VersionName, figures: Omit<IdleEnvironmentFigures, "histogram">): number {
    const histogram = this.#learned.get(keyOf(target))?.histogram;
    return keepingValue({ ...figures, histogram });
  }
}

function keyOf({ functionName, version }: VersionName): string {
  return `${functionName}/${version}`;
}
