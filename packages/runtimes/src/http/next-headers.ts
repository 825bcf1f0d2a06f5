import type { RuntimeInvocation } from "../port.ts";

/** Headers of an answered /next, names exact; one without a value is left out (spec §3.1). */
export function nextHeaders(invocation: RuntimeInvocation): readonly string[] {
  const headers = [
    ["Content-Type", "application/json"],
    ["Content-Length", String(invocation.event.length)],
    ["Lambda-Runtime-Aws-Request-Id", invocation.requestId],
    ["Lambda-Runtime-Invocation-Id", invocation.invocationId],
    ["Lambda-Runtime-Deadline-Ms", String(invocation.deadlineMs)],
    ["Lambda-Runtime-Invoked-Function-Arn", invocation.invokedFunctionArn],
    ["Lambda-Runtime-Trace-Id", invocation.traceHeader],
    ["Lambda-Runtime-Client-Context", invocation.clientContext],
    ["Lambda-Runtime-Cognito-Identity", invocation.cognitoIdentity],
  ] as const;
  return headers.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [name, toHeaderValue(value)],
  );
}

/**
 * Text as UTF-8 bytes in a header; line breaks and other control characters, which JSON has
 * between its tokens only, become spaces.
 */
function toHeaderValue(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what has to go.
  return Buffer.from(text.replaceAll(/[\u0000-\u001f\u007f]/g, " ")).toString("latin1");
}
