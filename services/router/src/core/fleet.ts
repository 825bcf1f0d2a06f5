import type {
  ColdStartReason,
  Eviction,
  Target,
  VersionRecord,
  WorkerStatus,
} from "@paddock/contracts";
import { routerLimits } from "../limits.ts";
import { Recollection } from "./recollection.ts";

/**
 * What workers last said of themselves, corrected by what the router has done since. It is a view
 * for choosing: whether an environment may be is decided by its lease alone.
 */
interface KnownWorker {
  readonly status: WorkerStatus;
  readonly heardAtMs: number;
  /** Idle environments by target, less those that were offered or reclaimed since. */
  readonly idle: Map<string, number>;
}

interface RecentGrant {
  readonly workerId: string;
  readonly targetKey: string;
  readonly memoryMb: number;
  readonly atMs: number;
}

export function targetKey({ functionName, version, configId }: Target): string {
  return `${functionName}/${version}/${configId}`;
}

export interface IdleEnvironments {
  readonly workerId: string;
  readonly target: Target;
  readonly count: number;
  /** Of the one that was used longest ago, which is the one that would go. */
  readonly idleForMs: number;
  /** What making one takes; 0: not known. */
  readonly startMs: number;
}

export class Fleet {
  readonly #workers = new Map<string, KnownWorker>();
  readonly #recollection = new Recollection();
  #grants: RecentGrant[] = [];

  heard(status: WorkerStatus, nowMs: number): void {
    const idle = new Map(status.environments.map((e) => [targetKey(e.target), e.idle]));
    for (const { target } of status.environments) this.#recollection.seen(target);
    for (const { target, eviction } of status.evictions) {
      this.#recollection.evicted(target, eviction);
    }
    this.#workers.set(status.workerId, { status, heardAtMs: nowMs, idle });
    this.#grants = this.#recent(nowMs).filter(
      (g) => g.workerId !== status.workerId || nowMs - g.atMs < routerLimits.grantSettleMs,
    );
  }

  /** The worker is gone, and its environments with it. */
  forget(workerId: string, nowMs: number): void {
    const environments = this.#workers.get(workerId)?.status.environments ?? [];
    const eviction: Eviction = { atMs: nowMs, idleMs: 0, cause: "worker-gone" };
    for (const { target } of environments) this.#recollection.evicted(target, eviction);
    this.#workers.delete(workerId);
  }

  /**
   * Workers that may get a new environment of this runtime, the one with most room first.
   * `headroom`: only those that have this share of their memory left afterwards, and of what their
   * environments really use.
   */
  candidates(
    runtime: string,
    nowMs: number,
    needs?: { memoryMb: number; headroom: number },
  ): string[] {
    return this.#alive(nowMs)
      .filter(({ status }) => !status.draining && status.runtimes.includes(runtime))
      .map(({ status }) => ({ status, id: status.workerId, freeMb: this.#freeMb(status, nowMs) }))
      .filter(({ status, freeMb }) => needs === undefined || hasHeadroom(status, freeMb, needs))
      .toSorted((a, b) => b.freeMb - a.freeMb)
      .map(({ id }) => id);
  }

  /** Memory that the worker may still hand out, in MB; 0: it is not known. */
  freeMb(workerId: string, nowMs: number): number {
    const worker = this.#workers.get(workerId);
    return worker === undefined ? 0 : this.#freeMb(worker.status, nowMs);
  }

  /** Takes one idle environment of the target into account and names its worker. */
  takeIdle(target: Target, exceptWorkerIds: readonly string[], nowMs: number): string | undefined {
    const key = targetKey(target);
    for (const { status, idle } of this.#alive(nowMs)) {
      const count = idle.get(key) ?? 0;
      if (count === 0 || exceptWorkerIds.includes(status.workerId)) continue;
      idle.set(key, count - 1);
      return status.workerId;
    }
    return undefined;
  }

  idleEnvironments(nowMs: number): IdleEnvironments[] {
    return this.#alive(nowMs).flatMap(({ status: { workerId, environments }, heardAtMs, idle }) =>
      environments.flatMap(({ target, oldestIdleMs, startMs }) => {
        const count = idle.get(targetKey(target)) ?? 0;
        const idleForMs = oldestIdleMs + nowMs - heardAtMs;
        return count === 0 ? [] : [{ workerId, target, count, idleForMs, startMs }];
      }),
    );
  }

  /** The worker gave up `count` idle environments of what was asked of `target`; 0: it has none. */
  reclaimed(workerId: string, target: Target, count: number): void {
    const key = targetKey(target);
    const idle = this.#workers.get(workerId)?.idle;
    if (idle !== undefined)
      idle.set(key, count === 0 ? 0 : Math.max(0, (idle.get(key) ?? 0) - count));
  }

  granted(workerId: string, target: Target, version: VersionRecord, nowMs: number): void {
    const { memoryMb } = version;
    this.#recollection.granted(target, version.codeSha256);
    this.#grants.push({ workerId, targetKey: targetKey(target), memoryMb, atMs: nowMs });
  }

  /** Environments of the target that can take queued work soon without a further grant. */
  comingOrIdle(target: Target, nowMs: number): number {
    const key = targetKey(target);
    const idle = this.#alive(nowMs).reduce((sum, worker) => sum + (worker.idle.get(key) ?? 0), 0);
    const starting = this.#environments(nowMs)
      .filter((environments) => targetKey(environments.target) === key)
      .reduce((sum, environments) => sum + environments.starting, 0);
    return idle + starting + this.#recent(nowMs).filter((grant) => grant.targetKey === key).length;
  }

  /** Environments of the target, whatever they do. */
  total(target: Target, nowMs: number): number {
    const key = targetKey(target);
    return this.#environments(nowMs)
      .filter((e) => targetKey(e.target) === key)
      .reduce(
        (sum, { starting, busy, idle }) => sum + starting + busy + idle,
        this.#recent(nowMs).filter((grant) => grant.targetKey === key).length,
      );
  }

  /** Why one more environment of the target is started: ask before it is granted. */
  coldStartReason(target: Target, { codeSha256 }: VersionRecord, nowMs: number): ColdStartReason {
    const environmentsBefore = this.total(target, nowMs);
    if (environmentsBefore > 0) return { kind: "scale-up", environmentsBefore };
    return this.#recollection.reason(target, codeSha256);
  }

  #alive(nowMs: number): KnownWorker[] {
    return [...this.#workers.values()].filter(
      (worker) => nowMs - worker.heardAtMs < routerLimits.statusSilenceMs,
    );
  }

  #environments(nowMs: number): WorkerStatus["environments"] {
    return this.#alive(nowMs).flatMap(({ status }) => status.environments);
  }

  #recent(nowMs: number): RecentGrant[] {
    return this.#grants.filter((grant) => nowMs - grant.atMs < routerLimits.grantVisibleMs);
  }

  #freeMb(status: WorkerStatus, nowMs: number): number {
    const granted = this.#recent(nowMs).filter((grant) => grant.workerId === status.workerId);
    const grantedMb = granted.reduce((sum, grant) => sum + grant.memoryMb, 0);
    return status.memoryCapacityMb - status.memoryGrantedMb - grantedMb;
  }
}

function hasHeadroom(
  status: WorkerStatus,
  freeMb: number,
  { memoryMb, headroom }: { memoryMb: number; headroom: number },
): boolean {
  const isGranted = freeMb - memoryMb >= status.memoryCapacityMb * headroom;
  const isFree = status.memoryUsedMb + memoryMb <= status.memoryUseLimitMb * (1 - headroom);
  return isGranted && isFree;
}
