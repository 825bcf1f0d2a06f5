/** Bounds of the meter, each with its unit. */
export const limits = {
  /** Messages of one batch; a usage message holds up to 1,024 records of its own. */
  batchMessages: 256,
  /** Accepted events are one message each. */
  acceptedBatchMessages: 512,
  /** The database did not take a batch: pause before its messages come again, doubled each time. */
  retryFirstMs: 250,
  retryLongestMs: 15_000,
} as const;
