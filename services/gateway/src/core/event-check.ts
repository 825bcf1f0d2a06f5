import { limits, PaddockError } from "@paddock/contracts";
import { gatewayLimits } from "../limits.ts";
import type { InvocationType } from "./invocation-options.ts";
import type { InvokeOperation } from "./invoke-target.ts";
import { findJsonProblem } from "./json-check.ts";

/** What a function receives where the caller sent no body. */
const emptyEvent = Buffer.from("{}");

/** How large an event may be, and what AWS's text calls such an invocation. */
export interface EventLimit {
  readonly type: "RequestResponse" | "Event";
  readonly bytes: number;
}

/** `Invoke` is also the way in over NATS. */
export function eventLimitOf(operation: InvokeOperation, type: InvocationType): EventLimit {
  if (operation === "InvokeAsync") return { type: "Event", bytes: gatewayLimits.invokeAsyncBytes };
  if (type === "Event") return { type, bytes: limits.asyncRequestPayloadBytes };
  return { type: "RequestResponse", bytes: limits.syncRequestPayloadBytes };
}

/** Source of the text: ../shared/spec/lambda-spec.md §2.2. */
export function eventTooLarge(bytes: number, limit: EventLimit): PaddockError {
  return new PaddockError(
    "RequestTooLargeException",
    `${bytes} byte payload is too large for the ${limit.type} invocation type (limit ${limit.bytes} bytes)`,
  );
}

export function checkEventSize(body: Uint8Array, limit: EventLimit): void {
  if (body.length > limit.bytes) throw eventTooLarge(body.length, limit);
}

/** The event as the function gets it. Throws RequestTooLarge or InvalidRequestContent. */
export function checkEvent(body: Uint8Array, limit: EventLimit): Uint8Array {
  checkEventSize(body, limit);
  if (body.length === 0) return emptyEvent;
  const problem = findJsonProblem(body);
  if (problem === undefined) return body;
  const { line, column } = positionOf(body, problem.at);
  throw new PaddockError(
    "InvalidRequestContentException",
    `Could not parse request body into json: Could not parse payload into json: ${problem.text}\n` +
      ` at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${line}, column: ${column}]`,
  );
}

function positionOf(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < offset; at = bytes.indexOf(0x0a, at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
