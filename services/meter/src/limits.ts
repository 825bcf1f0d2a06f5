/** Bounds of this service, each with its unit. */
export const meterLimits = {
  /** Messages taken at once; one of LEDGER holds up to 1,024 records. */
  batchMessages: 512,
  /** Rows written together, and acknowledged together: about two statements of the store. */
  groupRows: 4_000,
  /** A message that could not be written comes again after: doubles from the first to the second. */
  retryMinMs: 250,
  retryMaxMs: 5_000,
} as const;
