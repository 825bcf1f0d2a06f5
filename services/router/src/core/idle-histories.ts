import type { IdleHistory, Target, WorkerStatus } from "@paddock/contracts";
import { IdleHistogram } from "@paddock/lambda-model";
import { routerLimits } from "../limits.ts";
import { targetKey } from "./fleet.ts";
import { type Activity, IdleVersion } from "./idle-version.ts";

/**
 * Learns from what workers say of themselves how long environments of each function version are idle
 * before they are used again. Statuses come once a second, which is fine enough for bins of a minute.
 * Every router learns; the one that dispatches keeps what it knows.
 */
type VersionName = Pick<Target, "functionName" | "version">;

interface Seen {
  readonly version: IdleVersion;
  readonly activity: Activity;
}

interface SeenWorker {
  readonly atMs: number;
  readonly byTarget: ReadonlyMap<string, Seen>;
}

export class IdleHistories {
  readonly #versions = new Map<string, IdleVersion>();
  /** What each worker said last. */
  readonly #workers = new Map<string, SeenWorker>();

  heard(status: WorkerStatus, nowMs: number): void {
    const before = this.#workers.get(status.workerId);
    const byTarget = new Map<string, Seen>();
    for (const [key, { target, activity }] of activities(status)) {
      const version = this.#versionOf(target, nowMs);
      this.#follow(version, activity, { before, seen: before?.byTarget.get(key) }, nowMs);
      byTarget.set(key, { version, activity });
    }
    for (const [key, seen] of before?.byTarget ?? []) {
      if (!byTarget.has(key)) seen.version.rest(seen.activity.busy, nowMs);
    }
    this.#workers.set(status.workerId, { atMs: nowMs, byTarget });
  }

  /** Workers that fell silent are gone: what was busy there is not any more. */
  forgetSilent(nowMs: number): void {
    for (const [workerId, { atMs, byTarget }] of this.#workers) {
      if (nowMs - atMs < routerLimits.idleSilenceMs) continue;
      for (const { version, activity } of byTarget.values()) version.rest(activity.busy, atMs);
      this.#workers.delete(workerId);
    }
  }

  forget(version: VersionName): void {
    this.#versions.delete(keyOf(version));
  }

  /** What another router has learned before. */
  restore(history: IdleHistory): void {
    if (!this.#versions.has(keyOf(history))) this.#remember(IdleVersion.from(history));
  }

  histogramOf(version: VersionName): IdleHistogram | undefined {
    return this.#versions.get(keyOf(version))?.histogram;
  }

  versions(): Iterable<IdleVersion> {
    return this.#versions.values();
  }

  /** Some of those that should be kept now. */
  takeChanged(nowMs: number): IdleHistory[] {
    const taken: IdleHistory[] = [];
    for (const version of this.#versions.values()) {
      if (taken.length >= routerLimits.idleSavesAtOnce) break;
      const history = version.takeChange(nowMs);
      if (history !== undefined) taken.push(history);
    }
    return taken;
  }

  #follow(
    version: IdleVersion,
    activity: Activity,
    { before, seen }: { before: SeenWorker | undefined; seen: Seen | undefined },
    nowMs: number,
  ): void {
    if (before === undefined) return version.introduce(activity, nowMs);
    if (seen === undefined) return version.follow(activity, { uses: 0, busy: 0 }, nowMs);
    if (seen.version === version && seen.activity.uses <= activity.uses) {
      return version.follow(activity, seen.activity, nowMs);
    }
    // The worker began to count anew, or the version was forgotten meanwhile.
    seen.version.rest(seen.activity.busy, nowMs);
    version.introduce(activity, nowMs);
  }

  #versionOf(name: VersionName, nowMs: number): IdleVersion {
    const known = this.#versions.get(keyOf(name));
    if (known !== undefined) return known;
    return this.#remember(new IdleVersion(name, new IdleHistogram(nowMs)));
  }

  #remember(version: IdleVersion): IdleVersion {
    this.#versions.set(keyOf(version), version);
    const oldest = this.#versions.keys().next();
    if (this.#versions.size > routerLimits.idleVersions && oldest.value !== undefined) {
      this.#versions.delete(oldest.value);
    }
    return version;
  }
}

/** By target: a worker may have retired environments of one beside new ones. */
function activities(status: WorkerStatus): Map<string, { target: Target; activity: Activity }> {
  const all = new Map<string, { target: Target; activity: Activity }>();
  for (const { target, ...entry } of status.environments) {
    const key = targetKey(target);
    const other = all.get(key)?.activity;
    const activity = {
      uses: entry.uses + (other?.uses ?? 0),
      busy: entry.busy + (other?.busy ?? 0),
      peakBusy: entry.peakBusy + (other?.peakBusy ?? 0),
      idle: entry.idle + (other?.idle ?? 0),
      newestIdleMs: Math.min(
        entry.idle > 0 ? entry.newestIdleMs : Infinity,
        other?.newestIdleMs ?? Infinity,
      ),
    };
    all.set(key, { target, activity });
  }
  return all;
}

function keyOf({ functionName, version }: VersionName): string {
  return `${functionName}/${version}`;
}
