/** Builds the worker from its parts and stops them in the order that loses nothing. */
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { BusSubscription, KvWatch } from "@paddock/bus";
import { discoverRuntimes, type RuntimeDefinition } from "@paddock/runtimes";
import type { Logger, RunningService } from "@paddock/service-kit";
import { availableMachineBytes } from "./adapters/available-memory.ts";
import {
  closeConnections,
  type Connections,
  openConnections,
  settledWithin,
} from "./adapters/connections.ts";
import { networkAccessOf } from "./adapters/function-networks.ts";
import { followIdleHistories } from "./adapters/idle-histories.ts";
import { openRecords, type Records } from "./adapters/records.ts";
import { StatusReporter } from "./adapters/status-reporter.ts";
import { systemClock } from "./adapters/system-clock.ts";
import { deployedKinds, versionSource } from "./adapters/version-source.ts";
import type { WorkerConfig } from "./config.ts";
import { KeepAlive } from "./core/keep-alive.ts";
import { excessBytes } from "./core/memory-pressure.ts";
import { PrebootedStock } from "./environments/prebooted-stock.ts";
import { Semaphore } from "./environments/semaphore.ts";
import { WorkerPool } from "./environments/worker-pool.ts";
import { answerReclaims, makePreWarmed } from "./lanes/commands.ts";
import { QueueLane } from "./lanes/queue-lane.ts";
import { SyncLane } from "./lanes/sync-lane.ts";
import { limits } from "./limits.ts";

const MIB_BYTES = 1024 * 1024;

export async function startWorker(config: WorkerConfig, logger: Logger): Promise<RunningService> {
  const workerId = `worker-${randomBytes(6).toString("hex")}`;
  const connections = await openConnections(config, workerId, logger);
  const { isolation, features } = connections.sandboxes;
  logger.info({ workerId, isolation, features }, "sandboxes");
  const discovered = await discoverRuntimes({
    preparedDirectory: join(connections.home, "runtimes"),
  });
  const definitions = new Map(discovered.map((definition) => [definition.identifier, definition]));
  const records = openRecords(connections.bus, connections.home, workerId, logger);
  const worker = new Worker({ config, logger, workerId, connections, definitions, records });
  await worker.start();
  return worker;
}

interface WorkerParts {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly workerId: string;
  readonly connections: Connections;
  readonly definitions: ReadonlyMap<string, RuntimeDefinition>;
  readonly records: Records;
}

class Worker implements RunningService {
  readonly notes: readonly string[];
  readonly #parts: WorkerParts;
  readonly #boots = new Semaphore(
    Math.max(limits.concurrentBootsMin, limits.concurrentBootsPerCpu * availableParallelism()),
  );
  readonly #prebooted: PrebootedStock;
  readonly #pool: WorkerPool;
  readonly #syncLane: SyncLane;
  readonly #queueLane: QueueLane;
  readonly #reporter: StatusReporter;
  readonly #keepAlive: KeepAlive;
  #commands: readonly BusSubscription[] = [];
  #histories: KvWatch | undefined;
  #timers: readonly NodeJS.Timeout[] = [];
  #isRelieving = false;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.notes = parts.connections.sandboxes.features;
    this.#prebooted = this.#makeStock();
    const { connections, records, workerId, config } = parts;
    this.#keepAlive = new KeepAlive({
      policy: config.keepAlivePolicy,
      timeoutMs: config.idleEnvironmentTimeoutSeconds * 1000,
    });
    this.#pool = this.#makePool();
    const common = { bus: connections.bus, workerId, pool: this.#pool, recorder: records.journal };
    const versions = versionSource(connections.directory);
    this.#syncLane = new SyncLane({ ...common, versions });
    this.#queueLane = new QueueLane({
      ...common,
      queues: connections.redis.queues,
      retryDelaysSeconds: config.asyncRetryDelaysSeconds,
      onError: this.#warn("job locks were not renewed"),
    });
    this.#reporter = this.#makeReporter();
  }

  async start(): Promise<void> {
    const { connections, workerId } = this.#parts;
    this.#histories = await followIdleHistories(connections.bus, this.#keepAlive);
    this.#syncLane.start();
    this.#queueLane.start();
    this.#commands = [answerReclaims, makePreWarmed].map((take) =>
      take(connections.bus, workerId, this.#pool),
    );
    await this.#reporter.start();
    connections.directory.onChange(() => this.#prebooted.refillSoon());
    this.#prebooted.start();
    const onError = this.#warn("idle environments were not removed");
    this.#timers = [
      setInterval(() => void this.#pool.letGo().catch(onError), limits.idleSweepIntervalMs),
      setInterval(() => void this.#relieve().catch(onError), limits.memoryLookIntervalMs),
    ];
  }

  async stop(): Promise<void> {
    const { connections, records, workerId } = this.#parts;
    for (const timer of this.#timers) clearInterval(timer);
    connections.redis.stopWaiting();
    this.#reporter.drain();
    this.#histories?.stop();
    const commands = this.#commands.map((each) => each.drain());
    const lanes = [this.#syncLane.stop(), this.#queueLane.stop(), ...commands];
    await settledWithin(limits.closeMs, lanes);
    await this.#pool.drain(limits.drainMs);
    await Promise.all([this.#pool.stop(), this.#prebooted.close()]);
    this.#queueLane.close();
    this.#syncLane.close();
    await records.close();
    this.#reporter.stop();
    await closeConnections(connections, workerId);
  }

  unhealthyBecause(): string | undefined {
    const { bus, redis } = this.#parts.connections;
    if (!bus.isConnected) return "NATS is away";
    return redis.isConnected ? undefined : "Redis is away";
  }

  /** Before memory is full, and the kernel ends something that runs. */
  async #relieve(): Promise<void> {
    const { config, connections, logger } = this.#parts;
    const usedBytes = connections.sandboxes.memoryUseBytes();
    const bytes = excessBytes(usedBytes, config.workerMemoryUseMb * MIB_BYTES);
    // What is being destroyed is still counted.
    if (bytes === 0 || this.#isRelieving) return;
    this.#isRelieving = true;
    try {
      const evicted = await this.#pool.relieve(bytes);
      if (evicted.length > 0) logger.info({ evicted, usedBytes }, "memory is nearly full");
    } finally {
      this.#isRelieving = false;
    }
  }

  #makeStock(): PrebootedStock {
    const { config, connections, definitions, logger } = this.#parts;
    const { sandboxes } = connections;
    const usableBytes = config.workerMemoryUseMb * MIB_BYTES;
    return new PrebootedStock({
      sandboxes,
      definitions,
      boots: this.#boots,
      max: config.prebootedMax,
      availableBytes: () =>
        Math.min(availableMachineBytes(), usableBytes - sandboxes.memoryUseBytes()),
      deployedKinds: () => deployedKinds(connections.directory),
      onProblem: (kind, error) => logger.warn({ kind, error }, "could not boot ahead"),
    });
  }

  #makePool(): WorkerPool {
    const { config, connections, definitions, logger, records, workerId } = this.#parts;
    return new WorkerPool({
      clock: systemClock,
      code: connections.code,
      logs: records.logs,
      sandboxes: connections.sandboxes,
      prebooted: this.#prebooted,
      boots: this.#boots,
      networkAccess: ({ functionName }) => networkAccessOf(config.functionNetworks, functionName),
      region: config.region,
      workerId,
      versions: versionSource(connections.directory),
      leases: connections.redis.leases,
      keepAlive: this.#keepAlive,
      definitions,
      idleWork: (target) => this.#queueLane.work(target),
      onTargetAdded: (target) => this.#syncLane.join(target),
      onTargetRemoved: (target) => this.#syncLane.leave(target),
      onProblem: (environmentId, error) => {
        logger.warn({ environmentId, error }, "environment lost");
      },
    });
  }

  #makeReporter(): StatusReporter {
    const { config, connections, definitions, logger, workerId } = this.#parts;
    const { leases } = connections.redis;
    return new StatusReporter({
      bus: connections.bus,
      workerId,
      isolation: connections.sandboxes.isolation,
      runtimes: [...definitions.keys()],
      memoryCapacityMb: config.workerMemoryMb,
      memoryGrantedMb: () => this.#pool.memoryGrantedMb,
      memoryUseLimitMb: config.workerMemoryUseMb,
      memoryUsedBytes: () => connections.sandboxes.memoryUseBytes(),
      prebooted: () => this.#prebooted.size,
      environments: () => this.#pool.report(),
      takeEvictions: () => this.#pool.takeEvictions(),
      renewLeases: async (capacityMb) =>
        (await leases.heartbeat(workerId, capacityMb, config.workerLeaseMs)).known,
      onLeasesLost: () => {
        logger.warn("leases were lost: environments end when they are done");
        this.#pool.retireAll();
      },
      onError: this.#warn("leases were not renewed"),
    });
  }

  #warn(what: string): (error: unknown) => void {
    return (error) => this.#parts.logger.warn({ error }, what);
  }
}
