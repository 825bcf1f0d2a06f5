/**
 * Limits that more than one process has to agree on. A limit that only one package knows stays in
 * that package's own `limits.ts`.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const KIB_BYTES = 1024;
const MIB_BYTES = 1024 * KIB_BYTES;

export const limits = {
  /** Largest event of a synchronous invocation; what the AWS error text names. */
  syncRequestPayloadBytes: 6 * MIB_BYTES,
  /** Largest result: the agent on AWS allows 6 MiB and 100 bytes. */
  responsePayloadBytes: 6 * MIB_BYTES + 100,
  /** Largest event of an asynchronous invocation, since October 2025. */
  asyncRequestPayloadBytes: MIB_BYTES,
  /** Encoded size of X-Amz-Client-Context. */
  clientContextBytes: 3583,
  /** What a NATS server must accept in one message: the largest payload, its header and room. */
  busMessageBytes: 8 * MIB_BYTES,
  /** HTTP body of CreateFunction: 50 MB zip in base64 and the rest of the document. */
  createFunctionRequestBytes: 70_167_211,
  zippedCodeBytes: 52_428_800,
  unzippedCodeBytes: 262_144_000,
  /** Entries of a code archive; AWS names no figure, this bounds inodes and time. */
  codeArchiveEntries: 50_000,
  environmentVariablesBytes: 4 * KIB_BYTES,
  memoryMbMin: 128,
  memoryMbMax: 10_240,
  memoryMbDefault: 128,
  timeoutSecondsMin: 1,
  timeoutSecondsMax: 900,
  timeoutSecondsDefault: 3,
  ephemeralStorageMbMin: 512,
  ephemeralStorageMbMax: 10_240,
  /** Memory that equals one virtual CPU. */
  memoryMbPerCpu: 1769,
  initPhaseMs: 10_000,
  logTailBytes: 4 * KIB_BYTES,
  /** One log event; a longer line is split. */
  logEventBytes: 256 * KIB_BYTES,
  accountConcurrencyDefault: 1000,
  /** What PutFunctionConcurrency must leave for functions without a reservation. */
  unreservedConcurrencyMin: 100,
  asyncRetryAttemptsDefault: 2,
  asyncEventAgeSecondsDefault: 21_600,
  openFiles: 1024,
  processes: 1024,
} as const;
