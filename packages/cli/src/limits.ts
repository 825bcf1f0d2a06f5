/** Bounds of the command and of the supervisor, each with its unit. */
export const cliLimits = {
  /** A server (NATS, Redis, PostgreSQL) answers by then, replay of its files included. */
  serverReadyMs: 60_000,
  /** A service sends its ready message by then; it gives up by itself a little earlier. */
  serviceReadyMs: 65_000,
  /** A process that was asked to stop is killed after this; services give themselves 15 s. */
  stopTimeoutMs: 18_000,
  /** Left-overs of a supervisor that was killed get this long to end before they are killed. */
  leftOversMs: 20_000,
  /** How often waits above look again. */
  pollMs: 20,
  /** One connection attempt of a readiness check. */
  probeTimeoutMs: 2_000,
  /** Bytes that a readiness check reads of one answer. */
  probeAnswerBytes: 64 * 1024,
  /** First and longest pause before a process that died is started again. */
  restartFirstDelayMs: 100,
  restartLongestDelayMs: 30_000,
  /** A process that ran this long has recovered: its next pause is the first one again. */
  restartForgetAfterMs: 60_000,
  /** Size at which a log file is set aside, how many are kept, how often sizes are looked at. */
  logFileBytes: 16 * 1024 * 1024,
  logFilesKept: 2,
  logCheckMs: 5_000,
  /** What is shown of a log when its process does not start. */
  shownLogLines: 20,
  shownLogBytes: 16 * 1024,
  /** A second interrupt within this time is the same key press, passed on by npm. */
  interruptEchoMs: 500,
  /** Attempts to take over the lock of a supervisor that is gone. */
  lockAttempts: 5,
  /** Wait for the headers of an answer of Paddock's own API. */
  adminAnswerMs: 30_000,
  configFileBytes: 1024 * 1024,
} as const;
