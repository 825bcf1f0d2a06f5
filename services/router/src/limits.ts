/** Bounds of the router. Their reasons are beside them; AWS's own limits are in contracts. */
export const routerLimits = {
  /** Synchronous invocations that wait for room. Beyond: throttled. */
  waitingInvocations: 1_000,
  /** How long one waits for memory or for a worker, and for the account's concurrency. */
  waitForWorkerMs: 5_000,
  waitForAccountMs: 1_000,
  /** While some wait: how often the oldest are tried again, and how many at once. */
  waitingRetryMs: 50,
  waitingRetryBatch: 16,
  /** Workers that are offered one invocation before it counts as throttled; contracts allow 64. */
  offers: 8,
  /** Times that one invocation may meet a worker that is gone before it is refused. */
  lostWorkers: 4,
  /** Rounds of making room for one invocation. */
  reclaimRounds: 2,
  /** Environments in one `reclaim`; contracts allow 1024. */
  reclaimedAtOnce: 256,
  /** A worker answers `reclaim` within this, or counts as having nothing to give. */
  reclaimTimeoutMs: 2_000,
  /** A worker that said nothing for this long gets nothing new; its lease ends by itself. */
  statusSilenceMs: 3_000,
  /** A grant counts as on its way until a status that came this much later shows it. */
  grantSettleMs: 200,
  /** Without such a status it counts for this long. */
  grantVisibleMs: 2_000,
  /** Accepted events in one batch. */
  acceptedBatch: 256,
  /** An event of an unknown function waits this long for its record: KV may lag behind. */
  unknownFunctionGraceMs: 5_000,
  unknownFunctionPauseMs: 500,
  /** Queues with work are looked at this often; each look may double the grants. */
  dispatchTickMs: 100,
  /** Without due work the index is looked at this often. */
  idleLookMs: 1_000,
  /** A queue that will be empty this soon at its present pace gets no environment more. */
  nearlyDoneMs: 200,
  /** Environments that finish less each than this share of the best pace are enough. */
  worthwhilePaceShare: 0.5,
  /** The pace is that of this much time, and known once so many jobs were finished in it. */
  paceWindowMs: 500,
  paceEvidence: 8,
  /** Environments granted to one queue in one tick, and in one `drain`; contracts allow 256. */
  grantsPerTick: 128,
  /** Only one router dispatches; another takes over this long after its last sign. */
  dispatchTermMs: 3_000,
  /** Jobs of a given-up queue that one tick ends. */
  giveUpBatch: 256,
  /** Leases of silent workers are freed this often. */
  expireLeasesMs: 1_000,
  /** Function versions whose idle times are learned: 2 kB each. Beyond, the oldest are forgotten. */
  idleVersions: 10_000,
  /** Environments of one of them whose idle times are followed at once. */
  idleLevels: 1_024,
  /** A worker that said nothing for this long is gone, as far as idle times are concerned. */
  idleSilenceMs: 10_000,
  /** An idle time below this is no news: statuses come a second apart. */
  idleNewsMs: 10_000,
  /** What was learned of one is kept so often at the most, and with few news at the least. */
  idleSaveMs: 60_000,
  idleSaveLatestMs: 600_000,
  idleSavesAtOnce: 64,
  /** Environments made ahead in one look: each takes CPU from what runs. */
  preWarmsAtOnce: 4,
  /** Share of concurrency and of each worker's memory that environments made ahead leave alone. */
  preWarmHeadroom: 0.1,
  /** Function versions that are remembered so that the reason of a cold start can be named. */
  rememberedVersions: 10_000,
  /** Records in one message to the ledger; contracts allow 1024. */
  fateBatch: 256,
} as const;
