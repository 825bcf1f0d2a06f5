/** What a user may set as environment variables. Source: ../shared/spec/lambda-spec.md §3.4, §1.7. */
import { limits, PaddockError } from "@paddock/contracts";
import { constraintTexts, validationError } from "./constraints.ts";

const KEY_PATTERN = "[a-zA-Z]([a-zA-Z0-9_])+";
const keyPattern = new RegExp(`^${KEY_PATTERN}$`);

/** Set by the platform and not to be set by users. */
export const reservedEnvironmentKeys: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_LAMBDA_METADATA_API",
  "AWS_LAMBDA_METADATA_TOKEN",
  "AWS_LAMBDA_MAX_CONCURRENCY",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

const UNABLE =
  "Lambda was unable to configure your environment variables because the environment variables " +
  "you have provided";

/**
 * @throws PaddockError InvalidParameterValueException for reserved keys and for more than 4 KB of
 * compact JSON, ValidationException for keys that do not fit the grammar.
 */
export function checkEnvironmentVariables(variables: Readonly<Record<string, string>>): void {
  const keys = Object.keys(variables);
  const reserved = keys.filter((key) => reservedEnvironmentKeys.has(key));
  if (reserved.length > 0) {
    throw new PaddockError(
      "InvalidParameterValueException",
      `${UNABLE} contains reserved keys that are currently not supported for modification. ` +
        `Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  if (!keys.every((key) => keyPattern.test(key))) {
    const constraint = `Map keys must satisfy constraint: [${constraintTexts.pattern(KEY_PATTERN)}]`;
    throw validationError([{ value: undefined, member: "environment.variables", constraint }]);
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > limits.environmentVariablesBytes) {
    throw new PaddockError(
      "InvalidParameterValueException",
      `${UNABLE} exceeded the 4KB limit. String measured: ${measured}`,
    );
  }
}
