/** Bounds of control, each with its unit. Limits of the Lambda API are in `@paddock/contracts`. */
export const controlLimits = {
  /** Bodies of operations for which AWS names no figure, and of Paddock's own API. */
  requestBytes: 256 * 1024,
  /** A function's ARN, percent-decoded, in a path. */
  pathParameterChars: 1_024,
  /** Life of Code.Location. Source: API_GetFunction, "valid for 10 minutes". */
  codeLinkSeconds: 600,
  tags: 50,
  /** Mirroring to NATS is tried for ever; the pause doubles between these. */
  mirrorRetryMinMs: 200,
  mirrorRetryMaxMs: 5_000,
  /**
   * A change counts as made when all who follow have it. One that says nothing for this long is
   * gone; one that says something and never gets there holds up nobody for longer than this.
   */
  followerSilenceMs: 3_000,
  followersWaitMs: 10_000,
  /** How much later than usual a follower may say that it is there, after control has started. */
  followerLateMs: 250,
  /** How often silence is looked at while somebody waits. */
  followerPollMs: 100,
  /** A zip that no version refers to is removed when nobody claimed it for this long. */
  unusedCodeMs: 3_600_000,
  collectCodeEveryMs: 600_000,
  /** A worker that was not heard of for this long is left out of answers. */
  workerSilenceMs: 5_000,
  workersKnown: 10_000,
  /** Log lines that one invocation's record shows, and the batches that are read to find them. */
  invocationLogLines: 1_000,
  invocationLogBatches: 20_000,
  /** Batches are stored after the lines in them: how far before an attempt reading begins. */
  logReadAheadMs: 1_000,
  defaultLogSpanMs: 600_000,
  /** Attempts in one answer that gives a history, and how far back it goes where nobody says. */
  attemptsStreamed: 5_000_000,
  defaultAttemptsSpanMs: 7 * 86_400_000,
  /** An empty line keeps a followed log open through proxies. */
  logHeartbeatMs: 15_000,
  /** Files of the dashboard. */
  staticFileBytes: 16 * 1024 * 1024,
  stopMs: 5_000,
} as const;
