/**
 * Replays what ran of one function version against policies: how many cold starts each would have
 * had, and how much memory idle environments would have held. All policies see the same attempts and
 * learn from the past only.
 *
 * Simplified: a cold start takes no time here, memory and account limits evict nobody, and an idle
 * environment is the one used last, as in the worker.
 */
import { modelLimits } from "../limits.ts";
import { IdleHistogram } from "./idle-histogram.ts";
import { type IdleWindows, idleLimitMs } from "./idle-windows.ts";
import { RunningAttempts } from "./running-attempts.ts";

export interface KeepAlivePolicy {
  readonly name: string;
  windows(histogram: IdleHistogram): IdleWindows;
}

/** Attempts of one function version in the order of their starts. */
export interface AttemptHistory {
  readonly startsMs: Float64Array;
  readonly endsMs: Float64Array;
  readonly memoryMb: Float64Array;
}

export interface PolicyOutcome {
  readonly policy: string;
  readonly coldStarts: number;
  /** Environments that were made ahead, used or not. */
  readonly preWarmed: number;
  /** Memory size × time, of idle environments only. */
  readonly idleGbSeconds: number;
}

/** `untilMs`: the end of the replay, up to which environments that are left count as idle. */
export function simulateKeepAlive(
  history: AttemptHistory,
  policies: readonly KeepAlivePolicy[],
  untilMs: number,
): PolicyOutcome[] {
  const { startsMs, endsMs, memoryMb } = history;
  const running = new RunningAttempts(endsMs);
  const histogram = new IdleHistogram(startsMs[0] ?? untilMs);
  const replays = policies.map((policy) => new Replay(policy, histogram));
  /** When each environment became idle if none was ever let go: where idle times are learned from. */
  const idleSinceMs: number[] = [];
  const release = (nowMs: number): void => {
    for (let ended = running.takeEnded(nowMs); ended !== undefined;) {
      const endMs = endsMs[ended] ?? 0;
      idleSinceMs.push(endMs);
      for (const each of replays) each.release(endMs, memoryMb[ended] ?? 0, running.size === 0);
      ended = running.takeEnded(nowMs);
    }
  };
  for (const [index, startMs] of startsMs.entries()) {
    release(startMs);
    const sinceMs = idleSinceMs.pop();
    if (sinceMs !== undefined) histogram.add(startMs - sinceMs);
    histogram.ageTo(startMs);
    for (const each of replays) each.take(startMs);
    running.add(index);
  }
  release(untilMs);
  return replays.map((each) => each.finish(untilMs));
}

interface Idle {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly memoryMb: number;
}

/** One policy's environments. */
class Replay {
  readonly #policy: KeepAlivePolicy;
  readonly #histogram: IdleHistogram;
  readonly #idle: Idle[] = [];
  /** Made ahead, if nothing is there then and nothing came before. */
  #preWarm: Idle | undefined;
  #windows: IdleWindows;
  #windowsAtMs = -Infinity;
  #coldStarts = 0;
  #preWarmed = 0;
  #idleMbMs = 0;

  constructor(policy: KeepAlivePolicy, histogram: IdleHistogram) {
    this.#policy = policy;
    this.#histogram = histogram;
    this.#windows = policy.windows(histogram);
  }

  release(nowMs: number, memoryMb: number, isQuiet: boolean): void {
    const windows = this.#windowsAt(nowMs);
    const untilMs = nowMs + idleLimitMs(windows, false);
    this.#idle.push({ sinceMs: nowMs, untilMs, memoryMb });
    if (!isQuiet || windows.preWarmAfterMs === 0) return;
    const sinceMs = nowMs + windows.preWarmAfterMs;
    this.#preWarm = { sinceMs, untilMs: nowMs + windows.keepUntilMs, memoryMb };
  }

  take(nowMs: number): void {
    const preWarm = this.#preWarm;
    this.#preWarm = undefined;
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      this.#charge(last, nowMs);
      if (last.untilMs >= nowMs) return;
    }
    if (this.#usesPreWarmed(preWarm, nowMs)) return;
    this.#coldStarts += 1;
  }

  finish(untilMs: number): PolicyOutcome {
    for (const each of this.#idle) this.#charge(each, untilMs);
    this.#usesPreWarmed(this.#preWarm, untilMs);
    return {
      policy: this.#policy.name,
      coldStarts: this.#coldStarts,
      preWarmed: this.#preWarmed,
      idleGbSeconds: this.#idleMbMs / 1024 / 1000,
    };
  }

  #usesPreWarmed(preWarm: Idle | undefined, nowMs: number): boolean {
    if (preWarm === undefined || nowMs < preWarm.sinceMs) return false;
    this.#preWarmed += 1;
    this.#charge(preWarm, nowMs);
    return nowMs <= preWarm.untilMs;
  }

  #charge({ sinceMs, untilMs, memoryMb }: Idle, nowMs: number): void {
    this.#idleMbMs += Math.max(0, Math.min(untilMs, nowMs) - sinceMs) * memoryMb;
  }

  /** As the router does: not at each invocation. */
  #windowsAt(nowMs: number): IdleWindows {
    if (nowMs - this.#windowsAtMs >= modelLimits.idleBinMs) {
      this.#windows = this.#policy.windows(this.#histogram);
      this.#windowsAtMs = nowMs;
    }
    return this.#windows;
  }
}
