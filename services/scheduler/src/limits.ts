/** Bounds of this service, each with its unit. */
export const schedulerLimits = {
  /**
   * How late a due time is still fired, after a restart or a suspended machine. Within this time
   * the stream ACCEPTED recognises a request id that it has (its duplicate window is 60 s), so that
   * a restart, or a second scheduler, cannot fire a due time twice. Less than a minute, the
   * shortest period, so that there is never more than one due time to catch up with.
   */
  catchUpMs: 45_000,
  /** Longest sleep: a clock that somebody sets is noticed after this. */
  timerMs: 60_000,
  /** Publications under way at once in one firing: thousands of schedules may share a minute. */
  publicationsUnderWay: 64,
  /** While ACCEPTED refuses, a firing is tried again after the pause, until it is this late. */
  refusedPauseMs: 1_000,
  refusedLateMs: 600_000,
  /** How long a stop waits for publications under way. */
  stopMs: 5_000,
} as const;
