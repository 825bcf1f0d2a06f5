/** Bounds of this package. */
export const queueLimits = {
  /** Jobs in one pipeline to Redis. */
  addBatch: 512,
  /** A taken job belongs to its taker this long; `renewLocks` starts the time anew. */
  lockMs: 15_000,
  /** Two checks this far apart find a job whose lock has run out. */
  stalledCheckMs: 5_000,
  /** Entries that BullMQ's event stream of a queue is trimmed to (Redis trims in steps of 100). */
  eventStreamEntries: 1,
  /** Jobs that nobody could read, kept per queue to be looked at. */
  setAsideJobs: 1_000,
  /** Queue handles kept in memory; the ones not used longest are let go. */
  queueHandles: 4_096,
  /** Queues that one look at the work index returns. */
  dueQueues: 1_024,
  /** Delayed jobs that one call makes due, when a queue is given up. */
  promoteBatch: 1_000,
  /** Times a command is sent again while Redis is away, before it is rejected. */
  commandRetries: 20,
  /** Pause before Redis is tried again; doubles from the first to the second. */
  reconnectPauseMinMs: 50,
  reconnectPauseMaxMs: 1_000,
  /** First connection: then a clear refusal. */
  connectTimeoutMs: 10_000,
  /** Workers whose leases one call of `expireWorkers` frees. */
  expiredWorkers: 16,
  /** Candidate workers of one reservation. */
  candidateWorkers: 64,
  /** Environments released by one command. */
  releaseBatch: 1_024,
} as const;
