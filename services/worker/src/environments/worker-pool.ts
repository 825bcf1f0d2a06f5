/** All execution environments of this worker, by target. */
import type {
  EnvironmentGrant,
  Eviction,
  Target,
  VersionRecord,
  WorkerStatus,
} from "@paddock/contracts";
import { logStreamName } from "@paddock/lambda-model";
import type { RuntimeDefinition } from "@paddock/runtimes";
import type { KeepAlive } from "../core/keep-alive.ts";
import { limits } from "../limits.ts";
import { isCurrent, type LeaseReturn, type VersionSource } from "../ports.ts";
import { type EnvironmentServices, ExecutionEnvironment } from "./execution-environment.ts";
import { IdleFreezer } from "./idle-freezer.ts";
import {
  type EvictionCause,
  TargetPool,
  type TargetPoolEvents,
  type Work as WorkOf,
} from "./target-pool.ts";

export type Work = WorkOf<ExecutionEnvironment>;
type Pool = TargetPool<ExecutionEnvironment>;

export interface WorkerPoolOptions extends EnvironmentServices {
  readonly versions: VersionSource;
  readonly leases: LeaseReturn;
  readonly keepAlive: KeepAlive;
  readonly definitions: ReadonlyMap<string, RuntimeDefinition>;
  /** Work for an environment that has nothing to do, such as queued invocations. */
  readonly idleWork: (target: Target) => Work | undefined;
  /** The first environment of a target is being made; the last one is gone. */
  readonly onTargetAdded: (target: Target) => void;
  readonly onTargetRemoved: (target: Target) => void;
  readonly onProblem: (environmentId: string, error: unknown) => void;
}

const MIB_BYTES = 1024 * 1024;

export function targetKey(target: Target): string {
  return `${target.functionName}/${target.version}/${target.configId}`;
}

export class WorkerPool implements TargetPoolEvents<ExecutionEnvironment> {
  readonly #options: WorkerPoolOptions;
  readonly #pools = new Map<string, Pool>();
  /** Out of date: their environments end when what runs in them is done. */
  readonly #retired = new Set<Pool>();
  readonly #memoryMb = new Map<string, number>();
  readonly #freezer: IdleFreezer<ExecutionEnvironment>;
  readonly #evictions: WorkerStatus["evictions"] = [];
  #stopping = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#freezer = new IdleFreezer(options.onProblem);
    options.versions.onChange((functionName) => this.#retireStale(functionName));
  }

  get memoryGrantedMb(): number {
    let total = 0;
    for (const memoryMb of this.#memoryMb.values()) total += memoryMb;
    return total;
  }

  find(target: Target): Pool | undefined {
    return this.#pools.get(targetKey(target));
  }

  poolsOfQueue(functionName: string, version: string): Pool[] {
    return [...this.#pools.values()].filter(
      ({ target }) => target.functionName === functionName && target.version === version,
    );
  }

  /** The pool that an invocation waits in while its environment is made. */
  poolFor(target: Target): Pool {
    const key = targetKey(target);
    const existing = this.#pools.get(key);
    if (existing !== undefined) return existing;
    const created = new TargetPool<ExecutionEnvironment>(target, this, this.#freezer);
    this.#pools.set(key, created);
    this.#options.onTargetAdded(target);
    return created;
  }

  /** Makes the environment that the router granted. Never rejects: what fails is told to who waits. */
  async grow(target: Target, grant: EnvironmentGrant): Promise<void> {
    const pool = this.poolFor(target);
    this.#memoryMb.set(grant.environmentId, grant.memoryMb);
    await pool.add(grant.environmentId, () => this.#makeEnvironment(target, grant));
  }

  /** The grant is not used: whoever it was for goes elsewhere. */
  decline(grant: EnvironmentGrant): void {
    this.#giveBack(grant.environmentId);
  }

  /** Destroys idle environments, the least valuable first; resolves with their ids after they are gone. */
  async reclaim(
    count: number,
    accepts: (target: Target) => boolean,
    forFunction?: string,
  ): Promise<string[]> {
    const granted = (environment: ExecutionEnvironment): number =>
      this.#memoryMb.get(environment.environmentId) ?? 0;
    const pools = [...this.#pools.values()].filter(({ target }) => accepts(target));
    const victims = byValue(pools, this.#options.keepAlive, granted).slice(0, count);
    const isForNobody = forFunction === undefined;
    await destroyIdle(victims, isForNobody ? { cause: "limit" } : { cause: "room", forFunction });
    return victims.map(({ environment }) => environment.environmentId);
  }

  /** Destroys idle environments, the least valuable first, until they have held that much memory. */
  async relieve(bytes: number): Promise<string[]> {
    const used = (environment: ExecutionEnvironment): number =>
      environment.peakMemoryBytes() / MIB_BYTES;
    const victims: Valued[] = [];
    let leftBytes = bytes;
    for (const each of byValue([...this.#pools.values()], this.#options.keepAlive, used)) {
      if (leftBytes <= 0 || victims.length === limits.evictionsAtOnce) break;
      leftBytes -= each.environment.memoryUseBytes();
      victims.push(each);
    }
    await destroyIdle(victims, { cause: "memory" });
    return victims.map(({ environment }) => environment.environmentId);
  }

  /** Destroys idle environments that have outlived what their function's history says. */
  async letGo(): Promise<void> {
    const { keepAlive } = this.#options;
    for (const pool of this.#pools.values()) {
      await pool.letGo((isUsed) => keepAlive.keptMs(pool.target, isUsed));
    }
  }

  /** Environments that were given up since this was asked last. */
  takeEvictions(): WorkerStatus["evictions"] {
    return this.#evictions.splice(0);
  }

  report(): WorkerStatus["environments"] {
    return [...this.#pools.values(), ...this.#retired].map((pool) => ({
      target: pool.target,
      ...pool.report(),
    }));
  }

  /** Waits until nothing runs and nobody waits, for at most `withinMs`. */
  async drain(withinMs: number): Promise<void> {
    this.#stopping = true;
    const giveUpAtMs = Date.now() + withinMs;
    while (Date.now() < giveUpAtMs && this.#isWorking()) {
      await new Promise((resolve) => setTimeout(resolve, limits.drainPollMs));
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const all = [...this.#pools.values(), ...this.#retired];
    await Promise.all(all.map((pool) => pool.destroyAll()));
  }

  /** The leases were lost: nothing here may take new work, what runs is finished. */
  retireAll(): void {
    for (const pool of [...this.#pools.values()]) this.#retire(pool);
  }

  idleWork(pool: Pool): Work | undefined {
    return this.#stopping ? undefined : this.#options.idleWork(pool.target);
  }

  destroyed(environmentId: string, pool: Pool): void {
    this.#memoryMb.delete(environmentId);
    this.#giveBack(environmentId);
    if (pool.size > 0) return;
    this.#retired.delete(pool);
    this.#forget(pool);
  }

  evicted({ target }: Pool, eviction: Eviction): void {
    this.#evictions.push({ target, eviction });
    this.#evictions.splice(0, this.#evictions.length - limits.evictionsReported);
  }

  failed(environmentId: string, error: unknown): void {
    this.#options.onProblem(environmentId, error);
  }

  async #makeEnvironment(target: Target, grant: EnvironmentGrant): Promise<ExecutionEnvironment> {
    const version = await this.#versionOf(target);
    const definition = this.#options.definitions.get(version.runtime);
    if (definition === undefined) {
      throw new Error(`This worker cannot run ${version.runtime}`);
    }
    const environment = new ExecutionEnvironment(this.#options, {
      environmentId: grant.environmentId,
      target,
      version,
      definition,
      reason: grant.reason,
      logStream: logStreamName({
        functionName: target.functionName,
        version: target.version,
        environmentId: grant.environmentId,
        startedAtMs: this.#options.clock.nowMs(),
        logGroup: version.logging.group,
      }),
    });
    try {
      await environment.start();
    } catch (error) {
      await environment.destroy();
      throw error;
    }
    return environment;
  }

  /** The router may know a new configuration a moment earlier than this worker, or a moment later. */
  async #versionOf(target: Target): Promise<VersionRecord> {
    const giveUpAtMs = Date.now() + limits.configurationWaitMs;
    for (;;) {
      const record = this.#options.versions.getVersion(target.functionName, target.version);
      if (record !== undefined && isCurrent(target, record)) return record;
      if (this.#isReplaced(target) || Date.now() > giveUpAtMs) {
        throw new Error(`The configuration of ${targetKey(target)} is not the current one`);
      }
      await new Promise((resolve) => setTimeout(resolve, limits.configurationPollMs));
    }
  }

  #giveBack(environmentId: string): void {
    const released = this.#options.leases.release([environmentId]);
    released.catch((error: unknown) => this.#options.onProblem(environmentId, error));
  }

  #retireStale(functionName: string): void {
    for (const pool of this.#pools.values()) {
      const { target } = pool;
      if (target.functionName !== functionName) continue;
      const record = this.#options.versions.getVersion(functionName, target.version);
      const isOld = pool.isConfirmed && !isCurrent(target, record);
      if (isOld || this.#isReplaced(target)) this.#retire(pool);
    }
  }

  #isReplaced(target: Target): boolean {
    return this.#options.versions.currentTarget(target).configId !== target.configId;
  }

  #retire(pool: Pool): void {
    this.#forget(pool);
    if (pool.size > 0) this.#retired.add(pool);
    void pool.retire();
  }

  /** New work for the target gets a new pool from now on. */
  #forget(pool: Pool): void {
    const key = targetKey(pool.target);
    if (this.#pools.get(key) !== pool) return;
    this.#pools.delete(key);
    this.#options.onTargetRemoved(pool.target);
  }

  #isWorking(): boolean {
    return [...this.#pools.values(), ...this.#retired].some((pool) => pool.isWorking);
  }
}

interface Valued {
  readonly pool: Pool;
  readonly environment: ExecutionEnvironment;
  readonly value: number;
}

/** Idle environments, the one that is worth least first. */
function byValue(
  pools: readonly Pool[],
  keepAlive: KeepAlive,
  memoryMbOf: (environment: ExecutionEnvironment) => number,
): Valued[] {
  const all = pools.flatMap((pool) =>
    pool.idleEnvironments().map(({ environment, idleForMs }) => {
      const figures = { idleForMs, startMs: pool.startMs, memoryMb: memoryMbOf(environment) };
      return { pool, environment, value: keepAlive.value(pool.target, figures) };
    }),
  );
  return all.toSorted((a, b) => a.value - b.value);
}

async function destroyIdle(victims: readonly Valued[], why: EvictionCause): Promise<void> {
  const groups = Map.groupBy(victims, ({ pool }) => pool);
  await Promise.all(
    [...groups].map(([pool, each]) =>
      pool.reclaim(new Set(each.map(({ environment }) => environment)), why),
    ),
  );
}
