import type { FunctionRecord, VersionRecord } from "@paddock/contracts";

/** For tests: records of a function as control would write them. */
export function functionRecord(
  functionName: string,
  overrides: Partial<FunctionRecord> = {},
): FunctionRecord {
  return {
    functionName,
    functionId: `id-of-${functionName}`,
    functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    aliases: {},
    asyncConfigs: {},
    ...overrides,
  };
}

export function versionRecord(
  functionName: string,
  overrides: Partial<VersionRecord> = {},
): VersionRecord {
  return {
    functionName,
    version: "$LATEST",
    configId: "c1",
    functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
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
    ...overrides,
  };
}
