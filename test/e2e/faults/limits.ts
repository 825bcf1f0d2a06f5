/** Bounds of the fault tests: generous, because they only end what would never end by itself. */
export const faultLimits = {
  /** A killed process is running again, or an effect that others wait for has come. */
  effectMs: 60_000,
  /** One test with all its waits. */
  testMs: 150_000,
  functionTimeoutSeconds: 5,
  /** What the AWS CLI and boto3 wait for an answer by default. */
  callerMs: 60_000,
  /** Pause between two calls of the light load. */
  loadPauseMs: 100,
  /** Callers of one load that wait at the same time; beyond it nobody new calls. */
  loadUnderWay: 512,
  /** Calls that have to succeed before a process is killed and after it runs again. */
  loadCalls: 5,
  pollMs: 100,
  /** Invocations in one page of the ledger. */
  pageSize: 1000,
} as const;
