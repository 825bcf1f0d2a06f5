/** Bounds of the gateway, each with its unit and its reason. AWS's own limits are in contracts. */
const MIB_BYTES = 1024 * 1024;

export const gatewayLimits = {
  /** Request line and headers. Source: Lambda quotas, 1 MB in total. */
  headerBytes: MIB_BYTES,
  /** A client has this long to send its headers, and this long for the whole request. */
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 120_000,
  /** How often the two above are looked at. */
  timeoutCheckIntervalMs: 5_000,
  /** Idle connections of SDKs are kept for longer than SDKs keep them themselves. */
  keepAliveMs: 75_000,
  connections: 8192,
  /** Bodies of invocations that are being read or run, together. Beyond: TooManyRequestsException. */
  bufferedBodyBytes: 1024 * MIB_BYTES,
  /** Largest event of InvokeAsync, as when it was last documented. */
  invokeAsyncBytes: 256 * 1024,
  /** After a refusal the rest of a body is read and thrown away, so that the client sees the answer. */
  discardedBodyBytes: 64 * MIB_BYTES,
  discardMs: 5_000,
  /** How long an invocation may wait for an environment before its caller counts as gone. */
  startAllowanceMs: 60_000,
  /** Time beyond start, init and the function's own time-out, for the answer's way back. */
  answerMarginMs: 5_000,
  /** While nobody receives an invocation (the router is being started again): for how long, how often. */
  nobodyMs: 3_000,
  nobodyPollMs: 100,
  /** Workers and routers name what they have every second; what none names for this long is lost. */
  lostAfterMs: 5_000,
  lostCheckMs: 500,
  /** NATS may be away for this long before callers who wait are told. */
  outageGraceMs: 2_000,
  /** Messages on `invoke.<function>` that are being carried out at once; more are refused. */
  natsInvocations: 8192,
  /** Requests to control at once; more wait for one of these connections. */
  controlConnections: 256,
  /** Control has this long to begin its answer. */
  controlAnswerMs: 60_000,
  /** Invocations under way have this long to end once the gateway is told to stop. */
  drainMs: 10_000,
  drainPollMs: 50,
  /** A longer X-Amzn-Trace-Id is replaced by one of our own. */
  traceHeaderChars: 1024,
} as const;
