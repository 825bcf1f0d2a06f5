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
  /** Idle histogram: one minute a bin, up to four hours. Source: Serverless in the Wild, §4.2. */
  idleBinMs: 60_000,
  idleBins: 240,
  /** Head and tail of idle times, and how far beyond them environments are there. Source: the same. */
  idleHeadShare: 0.05,
  idleTailShare: 0.99,
  idleMargin: 0.1,
  /** Below: the histogram does not represent the function. Source of the latter: the same. */
  idleSamplesMin: 10,
  idleVariationMin: 2,
  /** Share of idle times beyond four hours above which the histogram says nothing. */
  idleOutOfBoundsMax: 0.5,
  /** An environment that is let go early is kept for this long, and gone for this long at the least. */
  idleLingerMs: 60_000,
  idleGapMsMin: 60_000,
  /** Samples count half after this, are aged this often, and are forgotten below this count. */
  idleHalfLifeMs: 7 * 86_400_000,
  idleAgeingMs: 86_400_000,
  idleCountMin: 0.01,
  /** How soon an environment must be used again to be worth keeping under pressure. */
  reuseHorizonMs: 600_000,
  /** Weight of what is assumed of a function's idle times against what was seen, in samples. */
  imaginedSamples: 3,
  /** Time of a cold start that was never measured. */
  unknownStartMs: 100,
} as const;
