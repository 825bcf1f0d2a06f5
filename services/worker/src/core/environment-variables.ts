/**
 * The environment of a function's process. The role's credentials are not among it: execution roles
 * come with IAM, and until then a function gets none rather than somebody else's.
 * Source: lambda-spec.md §3.4, https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
import type { VersionRecord } from "@paddock/contracts";

export interface FunctionEnvironmentInput {
  readonly version: VersionRecord;
  readonly region: string;
  readonly logStream: string;
  /** Variables of the runtime itself: PATH, LANG, NODE_PATH, LD_LIBRARY_PATH, … */
  readonly runtime: Readonly<Record<string, string>>;
}

const base: Readonly<Record<string, string>> = {
  SHLVL: "0",
  PWD: "/var/task",
  AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
};

/** Later entries win: what the user sets may replace the defaults, never the reserved names. */
export function functionEnvironment(input: FunctionEnvironmentInput): Record<string, string> {
  return {
    ...base,
    ...input.runtime,
    ...logging(input.version),
    ...input.version.environmentVariables,
    ...reserved(input),
  };
}

function reserved(input: FunctionEnvironmentInput): Record<string, string> {
  const { version, region, logStream } = input;
  const managed = !version.runtime.startsWith("provided");
  return {
    _HANDLER: version.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(managed ? { AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}` } : {}),
    AWS_LAMBDA_FUNCTION_NAME: version.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: version.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_RUNTIME_API: "169.254.100.1:9001",
    LAMBDA_TASK_ROOT: "/var/task",
    LAMBDA_RUNTIME_DIR: "/var/runtime",
  };
}

function logging({ logging: config }: VersionRecord): Record<string, string> {
  if (config.format !== "JSON") return {};
  return {
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_LEVEL: config.applicationLevel ?? "INFO",
  };
}
