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
  asyncEvents: 10_000,
  natsWindow: 256,
  asyncDrainMs: 120_000,
  idleEnvironments: 20,
  densityEnvironments: 20,
  /** For environments to come and go after what was asked for. */
  settleMs: 60_000,
} as const;
