export const benchLimits = {
  warmUpMs: 2_000,
  runMs: 6_000,
  connections: 32,
  coldStarts: 30,
  /** Between two cold starts: they follow each other as separate requests do, not as a burst. */
  coldStartPauseMs: 250,
  asyncEvents: 10_000,
  natsWindow: 256,
  asyncDrainMs: 120_000,
  idleEnvironments: 20,
} as const;
