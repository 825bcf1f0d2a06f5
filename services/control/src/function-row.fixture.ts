import { createHash, randomUUID } from "node:crypto";
import type { FunctionConfiguration, UsedLayer } from "@paddock/contracts";
import {
  claimCodeArchive,
  type Database,
  insertFunction,
  type StoredVersion,
} from "@paddock/store";

const configuration: FunctionConfiguration = {
  runtime: "nodejs24.x",
  handler: "index.handler",
  roleArn: "arn:aws:iam::000000000000:role/any",
  description: "",
  timeoutSeconds: 3,
  memoryMb: 128,
  ephemeralStorageMb: 512,
  tracingMode: "PassThrough",
  architecture: "x86_64",
  layers: [],
  logging: { format: "Text", group: "/aws/lambda/f" },
};

/** Writes a function as control would have, with its `$LATEST` changed as the test wants it. */
export async function insertFunctionRow(
  database: Database,
  functionName: string,
  change: Partial<StoredVersion> = {},
  layers: UsedLayer[] = [],
): Promise<void> {
  const codeSha256 = createHash("sha256").update(functionName).digest("hex");
  await claimCodeArchive(database, { sha256: codeSha256, sizeBytes: 1, nowMs: Date.now() });
  const version: StoredVersion = {
    functionName,
    version: "$LATEST",
    versionNumber: 0,
    configId: randomUUID(),
    revisionId: randomUUID(),
    state: "Active",
    stateReason: null,
    stateReasonCode: null,
    lastUpdateStatus: "Successful",
    lastUpdateStatusReason: null,
    lastUpdateStatusReasonCode: null,
    codeSha256,
    codeSizeBytes: 1,
    lastModifiedMs: 1,
    configuration: { ...configuration, layers },
    ...change,
  };
  const row = { functionName, functionId: randomUUID(), createdAtMs: 1, lastVersion: 0 };
  await insertFunction(database, { ...row, reservedConcurrency: null, tags: {} }, [version]);
}
