import type { IdleHistory, WorkerStatus } from "@paddock/contracts";
import { IdleHistogram, type IdleWindows, learnedWindows } from "@paddock/lambda-model";
import { routerLimits } from "../limits.ts";

type Entry = WorkerStatus["environments"][number];

/** What a worker said of its environments of one target, as far as idle times follow from it. */
export type Activity = Pick<Entry, "uses" | "busy" | "peakBusy" | "idle" | "newestIdleMs">;

/**
 * Idle times of one function version. Environments are used last in, first out, so that a rise of
 * what is busy ends the idle time of the one that became idle last, on whichever worker.
 */
export class IdleVersion {
  readonly functionName: string;
  readonly version: string;
  readonly #histogram: IdleHistogram;
  /** When environments became idle, as if none was ever let go: the last one is used next. */
  readonly #idleSince: number[] = [];
  #windows: IdleWindows | undefined | "unknown" = "unknown";
  #busy = 0;
  #hasNews = false;
  #isChanged = false;
  #savedAtMs = 0;

  constructor(name: Pick<IdleVersion, "functionName" | "version">, histogram: IdleHistogram) {
    this.functionName = name.functionName;
    this.version = name.version;
    this.#histogram = histogram;
  }

  static from(history: IdleHistory): IdleVersion {
    const version = new IdleVersion(history, IdleHistogram.from(history));
    if (history.idleSinceMs !== undefined) version.#idleSince.push(history.idleSinceMs);
    return version;
  }

  get histogram(): IdleHistogram {
    return this.#histogram;
  }

  /** Since when nothing of it runs; undefined: something does, or nothing is known. */
  get idleSinceMs(): number | undefined {
    return this.#busy > 0 ? undefined : this.#idleSince.at(-1);
  }

  /** What follows from the histogram; undefined where it says nothing. */
  get windows(): IdleWindows | undefined {
    if (this.#windows === "unknown") this.#windows = learnedWindows(this.#histogram);
    return this.#windows;
  }

  /** From a worker that was not known: what was before cannot be told. */
  introduce(activity: Activity, nowMs: number): void {
    this.#busy += activity.busy;
    const sinceMs = nowMs - activity.newestIdleMs;
    const isLater = sinceMs > (this.#idleSince.at(-1) ?? 0);
    if (activity.idle > 0 && isLater) this.#idleSince.push(sinceMs);
  }

  /** What happened on a worker between two statuses. */
  follow(activity: Activity, before: Pick<Activity, "uses" | "busy">, nowMs: number): void {
    const began = activity.uses - before.uses;
    const rises = Math.min(began, Math.max(0, activity.peakBusy - before.busy));
    // The others took one over that had been at work a moment ago.
    if (began > rises) this.#sample(0, began - rises);
    this.#busy += rises;
    for (let rise = 0; rise < rises; rise += 1) {
      const sinceMs = this.#idleSince.pop();
      if (sinceMs !== undefined) this.#sample(nowMs - sinceMs, 1);
    }
    this.rest(Math.max(0, before.busy + rises - activity.busy), nowMs);
  }

  /** So many environments are not busy any more. */
  rest(count: number, nowMs: number): void {
    this.#busy = Math.max(0, this.#busy - count);
    for (let each = 0; each < count; each += 1) this.#idleSince.push(nowMs);
    const excess = this.#idleSince.length - routerLimits.idleLevels;
    if (excess > 0) this.#idleSince.splice(0, excess);
  }

  /**
   * What to keep, if it is time to: at most once a minute, at rest where not all its idle times are
   * short, and once in a while in any case.
   */
  takeChange(nowMs: number): IdleHistory | undefined {
    const sinceMs = nowMs - this.#savedAtMs;
    if (!this.#isChanged || sinceMs < routerLimits.idleSaveMs) return undefined;
    const isGoodMoment = this.#hasNews && this.#busy === 0;
    if (!isGoodMoment && sinceMs < routerLimits.idleSaveLatestMs) return undefined;
    this.#savedAtMs = nowMs;
    this.#isChanged = false;
    this.#hasNews = false;
    this.#histogram.ageTo(nowMs);
    const { functionName, version, idleSinceMs } = this;
    const stored = { functionName, version, ...this.#histogram.toStored() };
    return idleSinceMs === undefined ? stored : { ...stored, idleSinceMs };
  }

  #sample(idleMs: number, count: number): void {
    this.#histogram.add(idleMs, count);
    this.#windows = "unknown";
    this.#isChanged = true;
    // Idle times of less than a few statuses are many and alike.
    if (idleMs >= routerLimits.idleNewsMs) this.#hasNews = true;
  }
}
