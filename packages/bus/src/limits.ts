/** Bounds of this package. Limits that other processes share are in `@paddock/contracts`. */
const MIB_BYTES = 1024 * 1024;

export const busLimits = {
  /** First connection: attempts and the pause between them; then a clear refusal. */
  firstConnectAttempts: 50,
  firstConnectPauseMs: 200,
  /** One attempt's handshake. */
  connectTimeoutMs: 5_000,
  /** Reconnecting never ends; the pause doubles from the first figure to the second. */
  reconnectPauseMinMs: 50,
  reconnectPauseMaxMs: 2_000,
  /** A half-dead link is found after `pingIntervalMs` × `pingsUnanswered`. */
  pingIntervalMs: 10_000,
  pingsUnanswered: 3,
  /** Document part of a frame; payloads are bounded by the server's max_payload. */
  frameDocumentBytes: MIB_BYTES,
  /** publishDurable: attempts, time for each, pause before the next (doubles each time). */
  durablePublishAttempts: 6,
  durablePublishTimeoutMs: 5_000,
  durablePublishPauseMs: 100,
  /** Requests to JetStream's API: streams, consumers, KV. */
  managementTimeoutMs: 10_000,
  /** Accepted events that the router has not enqueued yet; beyond it publishing is refused. */
  acceptedStreamBytes: 4096 * MIB_BYTES,
  /** A repeated message id within this time is the same message. */
  duplicateWindowMs: 60_000,
  ledgerStreamBytes: 2048 * MIB_BYTES,
  logsStreamBytes: 4096 * MIB_BYTES,
  logsAgeMs: 7 * 24 * 3_600_000,
  eventsStreamBytes: 2048 * MIB_BYTES,
  eventsAgeMs: 24 * 3_600_000,
  codeStoreBytes: 8192 * MIB_BYTES,
  /** Idle times of one function version: 240 bins are 8 kB at the most. */
  idleHistoryValueBytes: 16 * 1024,
  idleHistoryAgeMs: 30 * 24 * 3_600_000,
  /** JetStream keeps all of the above in this much, with room for the KV buckets. */
  fileStoreBytes: 24 * 1024 * MIB_BYTES,
  /** A message that was handed out and not acknowledged comes again after this. */
  ackWaitMs: 30_000,
  /** Messages handed out and not acknowledged, per consumer: bounds memory too. */
  ackPending: 512,
  /** Largest batch that `consume` hands to its handler. */
  consumeBatch: 512,
  /** Pause before messages come again whose handler failed. */
  handlerFailedPauseMs: 1_000,
  /** How often a process says how far its copy of the bucket `functions` has come. */
  followerIntervalMs: 1_000,
  /** Configurations that a version had before and that are remembered: those of messages under way. */
  supersededConfigs: 16,
  /** How often a process says which synchronous invocations it has; contracts allow 4096 a message. */
  heldIntervalMs: 1_000,
  heldPerMessage: 4_096,
  /** How long the server holds a pull request open. */
  pullExpiresMs: 30_000,
  /** The server says that a pull request still stands; two missed ones renew it. */
  pullHeartbeatMs: 5_000,
  /** Pieces in which a code archive is kept. */
  codeChunkBytes: MIB_BYTES,
  /** Log batches that readLogs holds for a slow reader before it asks for more. */
  logReadAhead: 256,
  /** How long a function that the bucket has may take to arrive here, and how often that is looked at. */
  functionArrivalMs: 1_000,
  functionArrivalPollMs: 5,
  /** A KV watch that has not delivered what the bucket holds by then has failed. */
  watchReadyMs: 15_000,
} as const;
