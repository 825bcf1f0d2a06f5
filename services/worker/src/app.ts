/** Builds the worker from its parts and stops them in the order that loses nothing. */
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import {
  type Bus,
  channels,
  connectBus,
  type FunctionDirectory,
  openCodeStore,
  publishDurable,
  watchFunctions,
} from "@paddock/bus";
import type { LogBatch } from "@paddock/contracts";
import { connectQueues, type Queues } from "@paddock/queue";
import { discoverRuntimes } from "@paddock/runtimes";
import type { SandboxProvider } from "@paddock/sandbox";
import type { Logger, RunningService } from "@paddock/service-kit";
import { CodeCache } from "./adapters/code-cache.ts";
import { publishEntries } from "./adapters/ledger-publisher.ts";
import { LogShipper } from "./adapters/log-shipper.ts";
import { journalFolderName, sendOrphanedJournals } from "./adapters/orphaned-journals.ts";
import { openSandboxes } from "./adapters/sandboxes.ts";
import { StatusReporter } from "./adapters/status-reporter.ts";
import { systemClock } from "./adapters/system-clock.ts";
import { UsageJournal } from "./adapters/usage-journal.ts";
import type { WorkerConfig } from "./config.ts";
import { WorkerPool } from "./environments/worker-pool.ts";
import { answerReclaims } from "./lanes/commands.ts";
import { QueueLane } from "./lanes/queue-lane.ts";
import { SyncLane } from "./lanes/sync-lane.ts";
import { limits } from "./limits.ts";

export async function startWorker(config: WorkerConfig, logger: Logger): Promise<RunningService> {
  const workerId = `worker-${randomBytes(6).toString("hex")}`;
  const home = join(resolve(config.dataDirectory), "worker");
  const codeDirectory = join(home, "code");
  const warn = (what: string) => (error: unknown) => logger.warn({ error }, what);

  const bus = await connectBus({
    url: config.natsUrl,
    user: "paddock",
    password: config.natsPassword,
    name: "worker",
    onProblem: (problem) => logger.warn({ problem }, "bus"),
  });
  const directory = watchFunctions(bus);
  const queues = await connectQueues({ url: config.redisUrl });
  const code = await CodeCache.open({ directory: codeDirectory, fetch: codeFetcher(bus) });
  const sandboxes = await openSandboxes(config.isolation, { workerId, home, codeDirectory });
  logger.info({ workerId, isolation: sandboxes.isolation, features: sandboxes.features }, "sandbox");
  await directory.ready;

  const logs = new LogShipper(publishLogs(bus, workerId), warn("log lines were lost"));
  const journals = join(home, "journal");
  const ownFolder = journalFolderName(process.pid);
  const journal = new UsageJournal({
    directory: join(journals, ownFolder),
    publish: publishEntries(bus),
    onError: warn("usage records wait for NATS"),
  });
  void sendOrphanedJournals(journals, ownFolder, publishEntries(bus))
    .then((adopted) => adopted.folders > 0 && logger.info({ adopted }, "sent orphaned journals"))
    .catch(warn("orphaned journals were not sent"));

  const definitions = new Map(
    (await discoverRuntimes()).map((definition) => [definition.identifier, definition]),
  );
  const pool = new WorkerPool({
    clock: systemClock,
    code,
    logs,
    sandboxes,
    region: config.region,
    workerId,
    versions: versionSource(directory),
    leases: queues.leases,
    definitions,
    idleWork: (target) => queueLane.work(target),
    onTargetAdded: (target) => syncLane.join(target),
    onTargetRemoved: (target) => syncLane.leave(target),
    onProblem: (environmentId, error) => logger.warn({ environmentId, error }, "environment lost"),
  });
  const syncLane = new SyncLane({ bus, workerId, pool, recorder: journal });
  const queueLane = new QueueLane({
    bus,
    workerId,
    pool,
    queues: queues.invocations,
    recorder: journal,
    retryDelaysSeconds: config.asyncRetryDelaysSeconds,
    onError: warn("job locks were not renewed"),
  });
  const reporter = new StatusReporter({
    bus,
    workerId,
    isolation: sandboxes.isolation,
    runtimes: [...definitions.keys()],
    memoryCapacityMb: config.workerMemoryMb,
    memoryGrantedMb: () => pool.memoryGrantedMb,
    environments: () => pool.counts(),
    renewLeases: () =>
      queues.leases.heartbeat(workerId, {
        capacityMb: config.workerMemoryMb,
        leaseMs: config.workerLeaseMs,
      }),
    onError: warn("leases were not renewed"),
  });

  syncLane.start();
  queueLane.start();
  const reclaims = answerReclaims(bus, workerId, pool);
  await reporter.start();
  const idleForMs = config.idleEnvironmentTimeoutSeconds * 1000;
  const sweep = setInterval(() => {
    pool.sweepIdle(idleForMs).catch(warn("idle environments were not removed"));
  }, limits.idleSweepIntervalMs);

  return {
    async stop() {
      clearInterval(sweep);
      reporter.drain();
      await Promise.all([syncLane.stop(), queueLane.stop(), reclaims.drain()]);
      await pool.drain(limits.drainMs);
      await pool.stop();
      queueLane.close();
      await Promise.all([journal.close(limits.closeMs), logs.close(limits.closeMs)]);
      reporter.stop();
      await leave({ sandboxes, queues, bus, directory, workerId });
    },
    unhealthyBecause: () => (bus.isConnected ? undefined : "NATS is away"),
  };
}

async function leave(parts: {
  readonly sandboxes: SandboxProvider;
  readonly queues: Queues;
  readonly bus: Bus;
  readonly directory: FunctionDirectory;
  readonly workerId: string;
}): Promise<void> {
  await parts.queues.leases.releaseAll(parts.workerId);
  await parts.sandboxes.close();
  await parts.queues.close();
  parts.directory.stop();
  await parts.bus.close();
}

function codeFetcher(bus: Bus): (sha256: string) => Promise<Uint8Array> {
  const store = openCodeStore(bus);
  return async (sha256) => {
    const bytes = await store.get(sha256);
    if (bytes === undefined) throw new Error(`the code ${sha256} is not in the object store`);
    return bytes;
  };
}

function publishLogs(bus: Bus, workerId: string): (batch: LogBatch) => Promise<void> {
  let sent = 0;
  return async (batch) => {
    sent += 1;
    const address = { functionName: batch.functionName };
    const messageId = `${workerId}-log-${sent}`;
    await publishDurable(bus, channels.logs, address, batch, undefined, { messageId });
  };
}

function versionSource(directory: FunctionDirectory) {
  return {
    getVersion: (functionName: string, version: string) =>
      directory.getVersion(functionName, version),
    onChange: (listener: (functionName: string) => void) => {
      directory.onChange((change) => listener(change.functionName));
    },
  };
}
