/** Records as services write them, with everything that has to be there; a test changes what it is about. */
import type { FunctionRecord, UsageRecord, VersionRecord } from "@paddock/contracts";

const arnOf = (functionName: string): string =>
  `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`;

export function functionRecord(
  functionName: string,
  changes: Partial<FunctionRecord> = {},
): FunctionRecord {
  return {
    functionName,
    functionId: `id-of-${functionName}`,
    functionArn: arnOf(functionName),
    aliases: {},
    asyncConfigs: {},
    ...changes,
  };
}

export function versionRecord(
  functionName: string,
  changes: Partial<VersionRecord> = {},
): VersionRecord {
  return {
    functionName,
    version: "$LATEST",
    configId: "c1",
    functionArn: arnOf(functionName),
    state: "Active",
    codeSha256: "0".repeat(64),
    codeSizeBytes: 1,
    layers: [],
    runtime: "nodejs24.x",
    handler: "index.handler",
    roleArn: "arn:aws:iam::000000000000:role/any",
    timeoutSeconds: 3,
    memoryMb: 128,
    ephemeralStorageMb: 512,
    environmentVariables: {},
    logging: { format: "Text", group: `/aws/lambda/${functionName}` },
    architecture: "x86_64",
    ...changes,
  };
}

/** Of an attempt that succeeded in a warm environment, 10 ms long. */
export function usageRecord(
  identity: Pick<UsageRecord, "functionName" | "requestId">,
  changes: Partial<UsageRecord> = {},
): UsageRecord {
  const acceptedAtMs = 1_790_000_000_000;
  return {
    ...identity,
    attempt: 1,
    version: "$LATEST",
    trigger: "invoke-api",
    invocationType: "RequestResponse",
    memoryMb: 1024,
    architecture: "x86_64",
    ephemeralStorageMb: 512,
    initMs: 0,
    durationMs: 9.5,
    billedMs: 10,
    peakMemoryMb: 40,
    outcome: "succeeded",
    workerId: "worker-1",
    environmentId: "0".repeat(32),
    isolation: "bubblewrap",
    logGroup: `/aws/lambda/${identity.functionName}`,
    logStream: "2026/11/23/[$LATEST]00000000000000000000000000000000",
    acceptedAtMs,
    startedAtMs: acceptedAtMs + 10,
    finishedAtMs: acceptedAtMs + 20,
    ...changes,
  };
}
