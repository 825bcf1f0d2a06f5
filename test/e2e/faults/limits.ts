/** Bounds of the fault tests: generous, because they only end what would never end by itself. */
export const faultLimits = {
  /** A killed process is running again, or an effect that others wait for has come. */
  effectMs: 60_000,
  /** One test with all its waits. */
  testMs: 150_000,
  /** Time-out of the functions, and how long a caller waits: start, function and the way back. */
  functionTimeoutSeconds: 5,
  callerMs: 50_000,
  /** Pause between two calls of the light load. */
  loadPauseMs: 60,
  /** Calls that have to succeed before a process is killed and after it runs again. */
  loadCalls: 5,
  pollMs: 100,
  /** Invocations in one page of the ledger. */
  pageSize: 1000,
} as const;
