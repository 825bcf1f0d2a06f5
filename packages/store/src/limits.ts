/** Bounds of the store, each with its unit. */
export const storeLimits = {
  /** Longest wait for initdb, crash recovery included in the start. */
  postgresStartMs: 60_000,
  /** Fast shutdown writes a checkpoint; after this the server is killed and recovers at its start. */
  postgresStopMs: 15_000,
  /** A server whose parent was killed shuts down by itself; how long the next start waits for it. */
  postgresLeaveMs: 20_000,
  /** How often the waits above look again. */
  postgresPollMs: 25,
  /** Starts while back-ends of a killed server still hold its memory, and the pause between them. */
  postgresStartAttempts: 20,
  postgresRetryMs: 250,
  /** Last lines of the server's log that go into an error message. */
  postgresLogLines: 20,
  /** Connections of one process. */
  poolConnections: 8,
  connectTimeoutMs: 10_000,
  /** A query that takes longer is a fault of ours; it must not hold a connection for ever. */
  statementTimeoutMs: 30_000,
  /** Rows that one statement of the ledger takes; larger batches are split. */
  ledgerStatementRows: 2_000,
  /** Largest page of a listing. */
  pageRows: 1_000,
  /** Attempts of a history that one query reads. */
  attemptsPage: 10_000,
  /** Between two pages; a slower reader must not hold a connection. */
  attemptsPauseMs: 30_000,
  /** Attempts that one invocation's record shows. */
  attemptsShown: 1_000,
  /** Whole read of all functions at a start of control. */
  functionVersionsRead: 100_000,
  triggersRead: 100_000,
} as const;
