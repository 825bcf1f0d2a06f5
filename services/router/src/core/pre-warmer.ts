import { routerLimits } from "../limits.ts";
import type { Clock, FunctionLookup, WorkerCommands } from "../ports.ts";
import type { Fleet } from "./fleet.ts";
import type { IdleHistories } from "./idle-histories.ts";
import type { IdleVersion } from "./idle-version.ts";
import type { Placer } from "./placement.ts";

/**
 * Has one environment made of a function that has none, shortly before its next invocation is due by
 * its history. It takes only what is left over: nothing while somebody waits, nothing of the last
 * tenth of concurrency and memory, and nobody is evicted for it. Once for each time that the function
 * falls idle: one that was taken away again is not made again.
 */
export interface PreWarmerParts {
  readonly histories: IdleHistories;
  readonly functions: FunctionLookup;
  readonly fleet: Fleet;
  readonly placer: Placer;
  readonly workers: WorkerCommands;
  readonly clock: Clock;
  /** Invocations that wait for an environment. */
  readonly waiting: () => number;
}

export class PreWarmer {
  readonly #parts: PreWarmerParts;
  /** Since when a function version was idle that an environment was made ahead for. */
  readonly #doneFor = new Map<string, number>();
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PreWarmerParts) {
    this.#parts = parts;
  }

  /** Looks once in a while, however often it is called. */
  async look(): Promise<void> {
    const { clock, histories, waiting } = this.#parts;
    const nowMs = clock.nowMs();
    if (nowMs - this.#lookedAtMs < routerLimits.idleLookMs || waiting() > 0) return;
    this.#lookedAtMs = nowMs;
    let left: number = routerLimits.preWarmsAtOnce;
    for (const version of histories.versions()) {
      if (!this.#isDue(version, nowMs)) continue;
      if (!(await this.#make(version))) continue;
      this.#remember(version);
      left -= 1;
      if (left === 0) return;
    }
  }

  #isDue(version: IdleVersion, nowMs: number): boolean {
    const { idleSinceMs, windows } = version;
    if (idleSinceMs === undefined || windows === undefined || windows.preWarmAfterMs === 0) {
      return false;
    }
    if (this.#doneFor.get(keyOf(version)) === idleSinceMs) return false;
    const idleMs = nowMs - idleSinceMs;
    return idleMs >= windows.preWarmAfterMs && idleMs < windows.keepUntilMs;
  }

  /** Whether nothing is left to do: one was made, or is there. */
  async #make({ functionName, version }: IdleVersion): Promise<boolean> {
    const { functions, fleet, placer, workers, clock } = this.#parts;
    const record = functions.getVersion(functionName, version);
    if (record === undefined || record.state !== "Active") return false;
    const target = { functionName, version, configId: record.configId };
    if (fleet.total(target, clock.nowMs()) > 0) return false;
    const placement = await placer.placeAhead(target, record);
    if (placement.kind !== "placed") return false;
    workers.preWarm(placement.workerId, { target, grant: placement.grant });
    return true;
  }

  #remember(version: IdleVersion): void {
    const key = keyOf(version);
    this.#doneFor.delete(key);
    this.#doneFor.set(key, version.idleSinceMs ?? 0);
    const oldest = this.#doneFor.keys().next();
    if (this.#doneFor.size > routerLimits.idleVersions && oldest.value !== undefined) {
      this.#doneFor.delete(oldest.value);
    }
  }
}

function keyOf({ functionName, version }: IdleVersion): string {
  return `${functionName}/${version}`;
}
