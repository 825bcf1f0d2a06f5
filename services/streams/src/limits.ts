/** Bounds of this service, each with its unit. */
export const streamsLimits = {
  /** Events handled at once; each may hold a payload of some MiB. */
  batchEvents: 128,
  /** Publications to ACCEPTED under way at once; an event may match thousands of triggers. */
  publicationsUnderWay: 256,
  /** How often the server is told that a batch is still at work; well below its 30 s. */
  extendMs: 10_000,
  /** After this an event that could not be handed on comes again. */
  refusedEventMs: 2_000,
  /** Pause of the whole intake after a refusal: doubles from the first figure to the second. */
  refusedPauseMinMs: 250,
  refusedPauseMaxMs: 5_000,
} as const;
