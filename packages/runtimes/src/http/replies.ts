/** Answers of the Runtime API, to the letter (spec §3.1). */
import type { ServerResponse } from "node:http";

export function replyJson(response: ServerResponse, status: number, document: unknown): void {
  const body = Buffer.from(JSON.stringify(document));
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": body.length,
  });
  response.end(body);
}

export function replyAccepted(response: ServerResponse): void {
  replyJson(response, 202, { status: "OK" });
}

export function replyError(
  response: ServerResponse,
  status: number,
  errorType: string,
  errorMessage: string,
): void {
  replyJson(response, status, { errorMessage, errorType });
}

export function replyInvalidTransition(response: ServerResponse, from: string, to: string): void {
  const why = "State transition is not allowed";
  const message = `State transition from ${from} to ${to} failed for runtime. Error: ${why}`;
  replyError(response, 403, "InvalidStateTransition", message);
}

export function replyTooLarge(response: ServerResponse, maxBytes: number): void {
  const message = `Exceeded maximum allowed payload size (${maxBytes} bytes).`;
  replyError(response, 413, "RequestEntityTooLarge", message);
}

export function replyText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}
