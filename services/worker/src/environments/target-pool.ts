/**
 * The environments of one target on this worker, and the invocations that wait for one of them.
 *
 * Guarantees: an environment does one piece of work at a time; a waiting invocation gets the first
 * environment that is free, whichever was started for it; idle environments are reused last in,
 * first out, so that what is not needed grows old and can be reclaimed.
 */
import type { Eviction, Target, WorkerStatus } from "@paddock/contracts";
import { limits } from "../limits.ts";
import type { Freezable, IdleFreezer } from "./idle-freezer.ts";
import { WaitingLine } from "./waiting-line.ts";

/** What the pool needs of an environment: the rest is between it and its work. */
export interface Pooled extends Freezable {
  /** Its processes are being ended after a time-out or a crash; it will be free in a moment. */
  readonly isResetting: boolean;
  /** It has nothing to do, for the first time or again. */
  becameIdle(): void;
  destroy(): Promise<void>;
}

/** Work for one environment: resolves when the environment may be used again. */
export type Work<Environment> = (environment: Environment) => Promise<void>;

export interface TargetPoolEvents<Environment extends Pooled> {
  /** An environment has nothing to do and nobody waits. Returns work for it, or undefined. */
  idleWork(pool: TargetPool<Environment>): Work<Environment> | undefined;
  /** An idle environment is about to be destroyed although its configuration is the current one. */
  evicted(pool: TargetPool<Environment>, eviction: Eviction): void;
  /** The environment is gone and its lease can be given back. */
  destroyed(environmentId: string, pool: TargetPool<Environment>): void;
  failed(environmentId: string, error: unknown): void;
}

export type EvictionCause = Pick<Eviction, "cause" | "forFunction">;

interface Idle<Environment> {
  readonly environment: Environment;
  readonly sinceMs: number;
  /** It has worked before. */
  readonly isUsed: boolean;
}

/** What of a target's environments is told to everybody: see WorkerStatus. */
export type PoolReport = Omit<WorkerStatus["environments"][number], "target">;

export class TargetPool<Environment extends Pooled> {
  readonly target: Target;
  readonly #events: TargetPoolEvents<Environment>;
  readonly #freezer: IdleFreezer<Environment>;
  /** The one that was used last is last. */
  #idle: Idle<Environment>[] = [];
  readonly #waiting = new WaitingLine<Work<Environment>>({
    capacity: limits.waitingPerTarget,
    environmentsOnTheWay: () => this.#starting + this.#resetting(),
  });
  /** Those being made are undefined. */
  readonly #all = new Map<string, Environment | undefined>();
  #starting = 0;
  #retired = false;
  #confirmed = false;
  #uses = 0;
  #peakBusy = 0;
  #startMs = 0;

  constructor(
    target: Target,
    events: TargetPoolEvents<Environment>,
    freezer: IdleFreezer<Environment>,
  ) {
    this.target = target;
    this.#events = events;
    this.#freezer = freezer;
  }

  get size(): number {
    return this.#all.size;
  }

  /** An environment was made from the target's configuration: it was the current one then. */
  get isConfirmed(): boolean {
    return this.#confirmed;
  }

  /** What making one took, smoothed; 0: none was made yet. */
  get startMs(): number {
    return this.#startMs;
  }

  idleEnvironments(): { readonly environment: Environment; readonly idleForMs: number }[] {
    const nowMs = Date.now();
    return this.#idle.map(({ environment, sinceMs }) => ({
      environment,
      idleForMs: nowMs - sinceMs,
    }));
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  get isWorking(): boolean {
    return this.hasWaiting || this.counts().busy > 0;
  }

  /** For the status; the peak is counted from here on anew. */
  report(): PoolReport {
    const counts = this.counts();
    const nowMs = Date.now();
    const idleForMs = (idle: Idle<Environment> | undefined): number =>
      idle === undefined ? 0 : Math.max(0, nowMs - idle.sinceMs);
    const peakBusy = Math.max(this.#peakBusy, counts.busy);
    this.#peakBusy = counts.busy;
    return {
      ...counts,
      newestIdleMs: idleForMs(this.#idle.at(-1)),
      oldestIdleMs: idleForMs(this.#idle[0]),
      uses: this.#uses,
      peakBusy,
      startMs: Math.round(this.#startMs),
    };
  }

  counts(): { starting: number; busy: number; idle: number; frozen: number } {
    const idle = this.#idle.length;
    const frozen = this.#idle.filter(({ environment }) => this.#freezer.isFrozen(environment));
    return { starting: this.#starting, busy: this.#busy, idle, frozen: frozen.length };
  }

  /** Runs the work at once if an environment is idle. */
  tryRun(work: Work<Environment>): boolean {
    for (;;) {
      const free = this.#idle.pop();
      if (free === undefined) return false;
      if (this.#freezer.wake(free.environment)) {
        void this.#serve(free.environment, work);
        return true;
      }
      void this.#destroy(free.environment.environmentId);
    }
  }

  /**
   * Waits for an environment: for `waitMs` where given (longer if one is being started for everybody
   * in line), otherwise for as long as the caller does.
   * `giveUp` is called instead of `work` when none came.
   */
  wait(options: {
    readonly work: Work<Environment>;
    readonly giveUp: (why: string) => void;
    readonly expiresAtMs: number;
    readonly waitMs?: number;
  }): void {
    this.#waiting.join(options);
  }

  /** Takes in a new environment, which `make` makes and starts; it then serves whoever waits. */
  async add(environmentId: string, make: () => Promise<Environment>): Promise<void> {
    this.#all.set(environmentId, undefined);
    this.#starting += 1;
    const beganMs = performance.now();
    try {
      const environment = await make();
      this.#starting -= 1;
      const tookMs = performance.now() - beganMs;
      this.#startMs = this.#startMs === 0 ? tookMs : (this.#startMs + tookMs) / 2;
      this.#confirmed = true;
      if (!this.#all.has(environmentId)) return await environment.destroy();
      this.#all.set(environmentId, environment);
      await this.#serve(environment);
    } catch (error) {
      this.#starting -= 1;
      await this.#lose(environmentId, error);
    }
  }

  /**
   * Destroys these environments, as far as they are still idle. `why` is told of each at once: of
   * environments that may well be missed later.
   */
  async reclaim(these: ReadonlySet<Environment>, why?: EvictionCause): Promise<void> {
    const gone = this.#idle.filter(({ environment }) => these.has(environment));
    this.#idle = this.#idle.filter(({ environment }) => !these.has(environment));
    const atMs = Date.now();
    for (const { sinceMs } of gone) {
      if (why !== undefined) this.#events.evicted(this, { atMs, idleMs: atMs - sinceMs, ...why });
    }
    await Promise.all(gone.map(({ environment }) => this.#destroy(environment.environmentId)));
  }

  /** Destroys the environments that have been idle for longer than they are kept. */
  async letGo(keptMs: (isUsed: boolean) => number): Promise<void> {
    const nowMs = Date.now();
    const isKept = ({ sinceMs, isUsed }: Idle<Environment>): boolean =>
      nowMs - sinceMs <= keptMs(isUsed);
    const gone = this.#idle.filter((each) => !isKept(each));
    await this.reclaim(new Set(gone.map(({ environment }) => environment)), { cause: "idle" });
  }

  /** Gives idle environments queued work, as many as there is work for. */
  wakeIdle(): void {
    for (let count = this.#idle.length; count > 0; count -= 1) {
      const work = this.#events.idleWork(this);
      if (work === undefined || !this.tryRun(work)) return;
    }
  }

  /** The configuration is out of date: idle environments go now, the others when they are done. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.reclaim(new Set(this.#idle.map(({ environment }) => environment)));
  }

  /** Ends everything, whatever runs. */
  async destroyAll(): Promise<void> {
    this.#retired = true;
    this.#waiting.dismiss("the worker stops");
    this.#idle.length = 0;
    await Promise.all([...this.#all.keys()].map((environmentId) => this.#destroy(environmentId)));
  }

  #resetting(): number {
    return [...this.#all.values()].filter((environment) => environment?.isResetting).length;
  }

  get #busy(): number {
    return this.#all.size - this.#idle.length - this.#starting;
  }

  /** One piece of work after the other, in a loop: a busy hour leaves no chain of promises behind. */
  async #serve(environment: Environment, first?: Work<Environment>): Promise<void> {
    let work = first ?? this.#nextWork();
    const isUsed = work !== undefined;
    while (work !== undefined) {
      this.#uses += 1;
      this.#peakBusy = Math.max(this.#peakBusy, this.#busy);
      try {
        await work(environment);
      } catch (error) {
        return this.#lose(environment.environmentId, error);
      }
      if (!this.#all.has(environment.environmentId)) return;
      work = this.#nextWork();
    }
    if (this.#retired) return this.#destroy(environment.environmentId);
    environment.becameIdle();
    this.#idle.push({ environment, sinceMs: Date.now(), isUsed });
    this.#freezer.rest(environment);
  }

  #nextWork(): Work<Environment> | undefined {
    const waiting = this.#waiting.next();
    if (waiting !== undefined) return waiting;
    return this.#retired ? undefined : this.#events.idleWork(this);
  }

  async #lose(environmentId: string, error: unknown): Promise<void> {
    this.#events.failed(environmentId, error);
    await this.#destroy(environmentId);
    // Without a single environment left, nobody would ever serve those who wait.
    if (this.#all.size > 0) return;
    this.#waiting.dismiss(error instanceof Error ? error.message : String(error));
  }

  async #destroy(environmentId: string): Promise<void> {
    if (!this.#all.has(environmentId)) return;
    const environment = this.#all.get(environmentId);
    this.#all.delete(environmentId);
    if (environment !== undefined) this.#freezer.forget(environment);
    await environment?.destroy();
    this.#events.destroyed(environmentId, this);
  }
}
