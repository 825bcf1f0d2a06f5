/** Names of log groups and streams. Source: ../shared/spec/lambda-spec.md §4.4. */

export function defaultLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * `2026/11/23/[$LATEST]<32 hex>`: one stream per environment, dated by the UTC day on which the
 * environment began. In a group of the user's choice the function's name comes before the version
 * and the environment stands in brackets, because several functions may share that group.
 */
export function logStreamName(environment: {
  readonly functionName: string;
  readonly version: string;
  readonly environmentId: string;
  readonly startedAtMs: number;
  readonly logGroup: string;
}): string {
  const { functionName, version, environmentId } = environment;
  const day = new Date(environment.startedAtMs).toISOString().slice(0, 10).replaceAll("-", "/");
  return environment.logGroup === defaultLogGroup(functionName)
    ? `${day}/[${version}]${environmentId}`
    : `${day}/${functionName}[${version}][${environmentId}]`;
}
