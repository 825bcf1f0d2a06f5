export const benchLimits = {
  warmUpMs: 2_000,
  runMs: 6_000,
  connections: 32,
  coldStarts: 30,
  asyncEvents: 10_000,
  natsWindow: 256,
  asyncDrainMs: 120_000,
  idleEnvironments: 20,
} as const;
