import { limits, PaddockError } from "@paddock/contracts";
import type { InvocationType } from "./invocation-options.ts";
import { findJsonProblem } from "./json-check.ts";

/** What a function receives where the caller sent no body. */
const emptyEvent = Buffer.from("{}");

export function eventBytesLimit(type: InvocationType): number {
  return type === "Event" ? limits.asyncRequestPayloadBytes : limits.syncRequestPayloadBytes;
}

/** Source of the text: ../shared/spec/lambda-spec.md §2.2. */
export function eventTooLarge(bytes: number, type: InvocationType): PaddockError {
  return new PaddockError(
    "RequestTooLargeException",
    `${bytes} byte payload is too large for the ${type} invocation type (limit ${eventBytesLimit(type)} bytes)`,
  );
}

/** The event as the function gets it. Throws RequestTooLarge or InvalidRequestContent. */
export function checkEvent(body: Uint8Array, type: InvocationType): Uint8Array {
  if (body.length > eventBytesLimit(type)) throw eventTooLarge(body.length, type);
  if (type === "DryRun") return body;
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
