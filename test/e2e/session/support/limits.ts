/** Waits of the session's tests; what is waited for comes much sooner. */
export const sessionLimits = {
  /** One shell script with several AWS CLI commands, each of which starts a Python. */
  scriptMs: 50_000,
  /** From the end of an attempt to its record in the ledger, retries of a second included. */
  onRecordMs: 20_000,
  /** A headless browser's first page. */
  browserMs: 40_000,
} as const;
