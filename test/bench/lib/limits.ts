export const benchLimits = {
  warmUpMs: 2_000,
  runMs: 6_000,
  /** Where the bare server is not what is compared first of all. */
  shortRunMs: 2_000,
  connections: 32,
  coldStarts: 30,
  /** Between two cold starts: they follow each other as separate requests do, not as a burst. */
  coldStartPauseMs: 250,
  burstSmall: 200,
  burstLarge: 1000,
  /** All executions of a burst run until this long after its first request. */
  burstMs: 20_000,
  burstLargeMs: 75_000,
  burstPauseMs: 5_000,
  soakInvocations: 200_000,
  soakFunctions: 50,
  soakCallers: 16,
  /** Environments that there is room for beyond one for each function. */
  soakSpare: 6,
  soakWarmUp: 2_000,
  /** The load ends then, done or not. */
  soakMs: 480_000,
  /** For idle environments to go, and for what they held. */
  soakSettleMs: 90_000,
  soakLookMs: 3_000,
  /** AWS takes a signature for five minutes. */
  signatureMs: 120_000,
  asyncEvents: 10_000,
  natsWindow: 256,
  asyncDrainMs: 120_000,
  idleEnvironments: 20,
  densityEnvironments: 20,
  /** For environments to come and go after what was asked for. */
  settleMs: 60_000,
} as const;
