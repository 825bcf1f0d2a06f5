/**
 * Error documents that the platform itself writes: the body of a 200 with X-Amz-Function-Error.
 * The order of the members is AWS's. Source: ../shared/spec/lambda-spec.md §2.4.
 */
import { limits } from "@paddock/contracts";

export interface PlatformErrorDocument {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The JSON text to send. */
  readonly payload: string;
}

export function timedOut(requestId: string, timeoutSeconds: number): PlatformErrorDocument {
  const seconds = timeoutSeconds.toFixed(2);
  return ofRequest("Sandbox.Timedout", requestId, `Task timed out after ${seconds} seconds`);
}

/** The runtime's process ended with a code other than 0. */
export function exited(requestId: string, exitCode: number): PlatformErrorDocument {
  return exitError(requestId, `Runtime exited with error: exit status ${exitCode}`);
}

/** The runtime's process ended with code 0 in the middle of its work. */
export function exitedWithoutReason(requestId: string): PlatformErrorDocument {
  return exitError(requestId, "Runtime exited without providing a reason");
}

/** The runtime's process was killed: `killed` when memory ran out, otherwise as Go names the signal. */
export function killed(requestId: string, signal = "killed"): PlatformErrorDocument {
  return exitError(requestId, `Runtime exited with error: signal: ${signal}`);
}

export function responseTooLarge(): PlatformErrorDocument {
  const errorType = "Function.ResponseSizeTooLarge";
  const errorMessage =
    "Response payload size exceeded maximum allowed payload size " +
    `(${limits.responsePayloadBytes} bytes).`;
  return { errorType, errorMessage, payload: JSON.stringify({ errorMessage, errorType }) };
}

/** No executable `bootstrap` in the code or in a layer. */
export function invalidEntrypoint(
  requestId: string,
  lookedAt: readonly string[] = ["/var/task/bootstrap", "/opt/bootstrap"],
): PlatformErrorDocument {
  const text = `Couldn't find valid bootstrap(s): [${lookedAt.join(" ")}]`;
  return ofRequest("Runtime.InvalidEntrypoint", requestId, text);
}

function exitError(requestId: string, text: string): PlatformErrorDocument {
  return ofRequest("Runtime.ExitError", requestId, text);
}

function ofRequest(errorType: string, requestId: string, text: string): PlatformErrorDocument {
  const errorMessage = `RequestId: ${requestId} Error: ${text}`;
  return { errorType, errorMessage, payload: JSON.stringify({ errorType, errorMessage }) };
}
