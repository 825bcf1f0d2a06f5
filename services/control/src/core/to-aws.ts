import { createHash } from "node:crypto";
import type { AwsFunctionConfiguration } from "@paddock/contracts/aws";
import { functionArn, type Scope } from "@paddock/lambda-model";
import { type FunctionVersion, LATEST } from "./model.ts";

/**
 * `qualifier`: what the ARN in the answer ends in. The caller's own where there is one, `$LATEST` and
 * aliases included; a published version's number is never left out.
 */
export function toAwsConfiguration(
  version: FunctionVersion,
  scope: Scope,
  qualifier?: string,
): AwsFunctionConfiguration {
  return {
    ...toAwsListEntry(version, scope, qualifier),
    ...stateMembers(version),
    RuntimeVersionConfig: {
      RuntimeVersionArn: runtimeVersionArn(version.configuration.runtime, scope),
    },
  };
}

/** ListFunctions and ListVersionsByFunction leave states and the runtime's version out. */
export function toAwsListEntry(
  version: FunctionVersion,
  scope: Scope,
  qualifier = version.version === LATEST ? undefined : version.version,
): AwsFunctionConfiguration {
  const { configuration } = version;
  return {
    FunctionName: version.functionName,
    FunctionArn: functionArn(scope, version.functionName, qualifier),
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: version.codeSizeBytes,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    LastModified: awsTime(version.lastModifiedMs),
    CodeSha256: Buffer.from(version.codeSha256, "hex").toString("base64"),
    Version: version.version,
    ...(configuration.environmentVariables === undefined
      ? {}
      : { Environment: { Variables: configuration.environmentVariables } }),
    ...(configuration.deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: configuration.deadLetterTargetArn } }),
    TracingConfig: { Mode: configuration.tracingMode },
    RevisionId: version.revisionId,
    ...(configuration.layers.length === 0
      ? {}
      : {
          Layers: configuration.layers.map(({ arn, sizeBytes }) => ({
            Arn: arn,
            CodeSize: sizeBytes,
          })),
        }),
    PackageType: "Zip",
    Architectures: [configuration.architecture],
    EphemeralStorage: { Size: configuration.ephemeralStorageMb },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: loggingConfig(configuration.logging),
  };
}

function stateMembers(version: FunctionVersion) {
  return {
    State: version.state,
    ...present("StateReason", version.stateReason),
    ...present("StateReasonCode", version.stateReasonCode),
    ...present("LastUpdateStatus", version.lastUpdateStatus),
    ...present("LastUpdateStatusReason", version.lastUpdateStatusReason),
    ...present("LastUpdateStatusReasonCode", version.lastUpdateStatusReasonCode),
  };
}

function present<Name extends string>(name: Name, value: string | null) {
  return value === null ? {} : { [name]: value };
}

function loggingConfig(logging: FunctionVersion["configuration"]["logging"]) {
  return {
    LogFormat: logging.format,
    ...(logging.applicationLevel === undefined
      ? {}
      : { ApplicationLogLevel: logging.applicationLevel }),
    ...(logging.systemLevel === undefined ? {} : { SystemLogLevel: logging.systemLevel }),
    LogGroup: logging.group,
  };
}

/** `2026-01-02T03:04:05.678+0000` */
export function awsTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}

/** AWS names a runtime's build by a hash; ours stays the same for one identifier. */
function runtimeVersionArn(runtime: string, scope: Scope): string {
  const hash = createHash("sha256").update(`paddock runtime ${runtime}`).digest("hex");
  return `arn:aws:lambda:${scope.region}::runtime:${hash}`;
}
