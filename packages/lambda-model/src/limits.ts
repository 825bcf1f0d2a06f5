/** Limits that only the rules of this package know. What others share is in `@paddock/contracts`. */
export const modelLimits = {
  /** FunctionName of operations that take a namespaced name (Invoke, Get…, Delete…). Source: service model. */
  namespacedReferenceChars: 256,
  /** FunctionName of the other operations. Source: service model. */
  referenceChars: 140,
  functionNameChars: 64,
  qualifierChars: 128,
  /** Text of one filter pattern. Source: API_Filter. */
  filterPatternChars: 4096,
  /** Objects inside objects in a filter pattern; bounds the recursion of compiling and matching. */
  filterPatternDepth: 64,
  /** Schedule expression, as EventBridge Scheduler's service model has it. */
  scheduleExpressionChars: 256,
  timeZoneChars: 50,
  /** First and last year a cron expression may name; also where the search for a next time ends. */
  cronYearMin: 1970,
  cronYearMax: 2199,
  /** Longest period of rate(): a thousand years keeps every sum of times an exact integer. */
  ratePeriodMs: 1000 * 366 * 86_400_000,
  /** First and longest pause after a throttle or a platform error. Source: invocation-async-error-handling. */
  backoffFirstMs: 1000,
  backoffLongestMs: 300_000,
  /** Pauses after the first and the second function error. Source: the same page. */
  retryDelaysSeconds: [60, 120],
  /** What 10,240 MB gets. Source: configuration-memory. */
  cpusMax: 6,
  /** What is billed at the least for an attempt that began. */
  billedMsMin: 1,
} as const;
