import { limits as shared } from "@paddock/contracts";

/** Bounds of the worker: every wait, buffer and count it has, with the reason. */
export const limits = {
  /**
   * How long an invocation waits for a busy environment of its target before the router is asked for
   * one more: a function that answers in a millisecond is served sooner by waiting than by a cold start.
   */
  localWaitMs: 4,
  /** Invocations of one target that may wait here; further ones go to the router at once. */
  waitingPerTarget: 2048,
  /** How long a grant for a configuration that this worker has not heard of yet waits for it. */
  configurationWaitMs: 3000,
  configurationPollMs: 10,
  /**
   * Processes that boot at the same time, for each CPU and at least: more would only take the CPU
   * from each other, and all would be late instead of a few.
   */
  concurrentBootsPerCpu: 2,
  concurrentBootsMin: 4,
  /** CPUs during initialisation, at the least. */
  initCpusMin: 1,
  /**
   * How long an environment is idle before it is frozen. Freezing takes 0.2 ms of the worker and
   * thawing 0.2 ms of the next invocation: this is longer than the pauses of one in steady use, and
   * short for a function that would burn CPU in the background.
   */
  freezeAfterIdleMs: 100,
  /** Environments frozen in one go, and the pause before the next: after a burst there are many. */
  freezesPerTurn: 8,
  freezeTurnPauseMs: 5,
  /**
   * When the memory that all sandboxes really use reaches the first share of what they may use, idle
   * environments are destroyed until it is at the second: before the kernel ends what runs.
   */
  memoryHighShare: 0.9,
  memoryLowShare: 0.85,
  memoryLookIntervalMs: 1000,
  /** Idle environments destroyed for it in one look. */
  evictionsAtOnce: 64,
  /** Kinds of environment (runtime, and memory size for Node.js) that processes are booted ahead for. */
  prebootedKinds: 32,
  /** Processes of a deployed kind that wait at the least, and at most without any demand. */
  prebootedMin: 2,
  prebootedIdleMax: 8,
  /** Share of the memory that nobody uses that the stock may take, and what one process takes of it. */
  prebootedMemoryShare: 1 / 8,
  prebootedProcessMb: 12,
  /** Of 100: booting ahead takes the CPU time that nobody else wants. */
  prebootedCpuWeight: 1,
  /** What a process may take to boot ahead before it is given up. */
  prebootMs: 20_000,
  /** The stock is filled again this long after it was last used: not while a cold start is at work. */
  prebootedRefillDelayMs: 25,
  /** How often the stock is compared with what is wanted and affordable, when nothing else happens. */
  prebootedReviewMs: 5_000,
  /** How many were taken in this time says how many to keep, and how long it takes to forget half. */
  prebootedDemandWindowMs: 10_000,
  prebootedDemandHalfLifeMs: 120_000,
  /** More than that is not remembered. */
  prebootedDemandMax: 1024,
  /** After a process could not be booted, how long before the next is tried. */
  prebootedRetryDelayMs: 5_000,
  /** After its channel broke, how long a process may take to exit before it is killed. */
  exitGraceMs: 500,
  /** Log events of one environment kept before they go to the shipper. */
  logFlushIntervalMs: 50,
  /** Log bytes waiting for NATS, over all environments; beyond it lines are dropped and counted. */
  logBacklogBytes: 64 * 1024 * 1024,
  /**
   * Log that one function may write here: this much at once, this much a second in the long run, the
   * rest is dropped and counted. The stream that all share keeps 4 GiB: a quarter of an hour of it.
   */
  logBurstBytes: 32 * 1024 * 1024,
  logBytesPerSecond: 4 * 1024 * 1024,
  logBatchBytes: 512 * 1024,
  logBatchEvents: 5000,
  logPublishesInFlight: 8,
  /** One log event; a longer line is split. */
  logEventBytes: shared.logEventBytes,
  /** Usage records in one message, and how long a record may wait for company. */
  usageBatchRecords: 512,
  usageFlushIntervalMs: 20,
  usagePublishesInFlight: 4,
  usageRetryDelayMs: 500,
  /** A journal file is closed at this size, and removed once all of it is acknowledged. */
  journalSegmentBytes: 4 * 1024 * 1024,
  statusIntervalMs: 1000,
  /** Environments that one status may say were given up; contracts allow 1024. */
  evictionsReported: 1024,
  idleSweepIntervalMs: 5000,
  /** Renewing the locks of queued invocations that run here. */
  jobLockRenewIntervalMs: 5000,
  /** How long running invocations may go on after SIGTERM; below service-kit's stopTimeoutMs. */
  drainMs: 7_000,
  drainPollMs: 20,
  /** How long the journal and the logs may take to be sent at the end. */
  closeMs: 1_500,
  /** Archives fetched and unpacked at the same time: each is in memory as a whole meanwhile. */
  concurrentUnpacks: 4,
  /** What a file takes on the disk at least. */
  codeEntryBytes: 4096,
} as const;
