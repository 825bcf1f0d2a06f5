import {
  type FunctionConfiguration,
  limits,
  PaddockError,
  type UsedLayer,
} from "@paddock/contracts";
import type {
  CreateFunctionRequest,
  UpdateFunctionConfigurationRequest,
} from "@paddock/contracts/aws";
import { checkEnvironmentVariables, defaultLogGroup } from "@paddock/lambda-model";

/** AWS's request documents → what is kept of them. Texts: ../shared/spec/lambda-spec.md §1.7. */

/** @throws PaddockError InvalidParameterValueException for what is missing or cannot be. */
export function newConfiguration(
  functionName: string,
  request: CreateFunctionRequest,
): FunctionConfiguration {
  const { Runtime: runtime, Handler: handler } = request;
  if (runtime === undefined || handler === undefined) {
    throw invalid(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  }
  const bare: FunctionConfiguration = {
    runtime,
    handler,
    roleArn: request.Role,
    description: "",
    timeoutSeconds: limits.timeoutSecondsDefault,
    memoryMb: limits.memoryMbDefault,
    ephemeralStorageMb: limits.ephemeralStorageMbMin,
    tracingMode: "PassThrough",
    architecture: request.Architectures?.[0] ?? "x86_64",
    layers: [],
    logging: { format: "Text", group: defaultLogGroup(functionName) },
  };
  return changedConfiguration(bare, request);
}

/** Members that the request leaves out stay as they are; `layers` are those that it names. */
export function changedConfiguration(
  current: FunctionConfiguration,
  request: UpdateFunctionConfigurationRequest,
  layers: readonly UsedLayer[] = current.layers,
): FunctionConfiguration {
  const environmentVariables = environmentOf(current, request);
  const deadLetterTargetArn = deadLetterOf(current, request);
  const { environmentVariables: _e, deadLetterTargetArn: _d, ...rest } = current;
  return {
    ...rest,
    runtime: request.Runtime ?? current.runtime,
    handler: request.Handler ?? current.handler,
    roleArn: request.Role ?? current.roleArn,
    description: request.Description ?? current.description,
    timeoutSeconds: request.Timeout ?? current.timeoutSeconds,
    memoryMb: request.MemorySize ?? current.memoryMb,
    ephemeralStorageMb: request.EphemeralStorage?.Size ?? current.ephemeralStorageMb,
    tracingMode: request.TracingConfig?.Mode ?? current.tracingMode,
    layers: [...layers],
    logging: loggingOf(current, request),
    ...(environmentVariables === undefined ? {} : { environmentVariables }),
    ...(deadLetterTargetArn === undefined ? {} : { deadLetterTargetArn }),
  };
}

function environmentOf(
  current: FunctionConfiguration,
  { Environment: environment }: UpdateFunctionConfigurationRequest,
): Record<string, string> | undefined {
  if (environment === undefined) return current.environmentVariables;
  const variables = environment.Variables ?? {};
  checkEnvironmentVariables(variables);
  return variables;
}

/** An empty ARN takes the dead-letter queue away. */
function deadLetterOf(
  current: FunctionConfiguration,
  { DeadLetterConfig: config }: UpdateFunctionConfigurationRequest,
): string | undefined {
  if (config === undefined) return current.deadLetterTargetArn;
  return config.TargetArn === "" ? undefined : config.TargetArn;
}

function loggingOf(
  current: FunctionConfiguration,
  { LoggingConfig: asked }: UpdateFunctionConfigurationRequest,
): FunctionConfiguration["logging"] {
  if (asked === undefined) return current.logging;
  const format = asked.LogFormat ?? current.logging.format;
  const group = asked.LogGroup ?? current.logging.group;
  if (format === "JSON") {
    return {
      format,
      group,
      applicationLevel: asked.ApplicationLogLevel ?? current.logging.applicationLevel ?? "INFO",
      systemLevel: asked.SystemLogLevel ?? current.logging.systemLevel ?? "INFO",
    };
  }
  if (asked.ApplicationLogLevel !== undefined || asked.SystemLogLevel !== undefined) {
    throw invalid(
      "ApplicationLogLevel and SystemLogLevel can only be set when LogFormat is set to JSON.",
    );
  }
  return { format, group };
}

export function invalid(message: string): PaddockError {
  return new PaddockError("InvalidParameterValueException", message);
}
