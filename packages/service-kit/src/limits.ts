/** Bounds of this package, each with its unit. */
export const serviceKitLimits = {
  /** How long a service's own `start` may take before the process gives up and exits. */
  startTimeoutMs: 60_000,
  /** How long a service's own `stop` may take before the process exits without it. */
  stopTimeoutMs: 15_000,
  /** Health requests carry no body worth reading: headers larger than this are refused. */
  healthHeaderBytes: 8 * 1024,
  /** Delay after which an idle health connection is closed. */
  healthIdleMs: 5_000,
  /** Entries of the setting functionNetworks, and what one of them may list. */
  functionNetworks: 200,
  listedFunctions: 100,
  allowedDestinations: 100,
  allowedPorts: 50,
} as const;
