/** Bounds of the test kit; tests wait no longer than these and say what they waited for. */
export const testkitLimits = {
  /** A server that has not said that it is ready by then is reported with its output. */
  serverStartMs: 30_000,
  /** An ordered stop; afterwards SIGKILL. */
  serverStopMs: 10_000,
  /** A whole Paddock stops in waves, each with a limit of its own. */
  paddockStopMs: 90_000,
  /** Starts on another port after the first choice was taken by somebody else. */
  serverStartAttempts: 5,
  /** Output kept of a server for the error message. */
  serverOutputCharacters: 16_384,
  /** Default of `eventually`. */
  eventuallyMs: 10_000,
  eventuallyIntervalMs: 20,
} as const;
