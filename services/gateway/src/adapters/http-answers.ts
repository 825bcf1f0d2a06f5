import type { IncomingMessage, ServerResponse } from "node:http";
import { type PaddockError, toErrorResponse } from "@paddock/contracts";
import { gatewayLimits } from "../limits.ts";
import type { Completion } from "../ports.ts";
import { discardRest } from "./read-body.ts";

/** The answers of the Invoke API, to the header. Source: ../shared/spec/lambda-spec.md §2.1. */

export interface CompletedCall {
  readonly requestId: string;
  readonly traceHeader: string;
  readonly completion: Completion;
}

export function sendCompletion(response: ServerResponse, call: CompletedCall): void {
  const { functionError, logTailBase64, executedVersion, payload } = call.completion;
  const headers = [
    "Content-Type",
    "application/json",
    "Content-Length",
    String(payload.length),
    "x-amzn-RequestId",
    call.requestId,
    "X-Amzn-Remapped-Content-Length",
    "0",
    "X-Amz-Executed-Version",
    executedVersion,
    "X-Amzn-Trace-Id",
    call.traceHeader,
  ];
  if (functionError !== undefined) headers.push("X-Amz-Function-Error", functionError);
  if (logTailBase64 !== undefined) headers.push("X-Amz-Log-Result", logTailBase64);
  response.writeHead(200, headers);
  response.end(payload);
}

/** 202 of an Event, 204 of a DryRun: no body, no executed version. */
export function sendEmpty(
  response: ServerResponse,
  status: 202 | 204,
  requestId: string,
  traceHeader: string,
): void {
  const headers = ["x-amzn-RequestId", requestId, "X-Amzn-Remapped-Content-Length", "0"];
  headers.push("X-Amzn-Trace-Id", traceHeader);
  if (status === 202) headers.push("Content-Length", "0");
  response.writeHead(status, headers);
  response.end();
}

/** 202 of InvokeAsync, which says so once more in its body. */
export function sendAccepted(
  response: ServerResponse,
  requestId: string,
  traceHeader: string,
): void {
  const body = JSON.stringify({ Status: 202 });
  const headers = ["Content-Type", "application/json", "Content-Length", String(body.length)];
  headers.push("x-amzn-RequestId", requestId, "X-Amzn-Trace-Id", traceHeader);
  response.writeHead(202, headers);
  response.end(body);
}

export interface ErrorAnswer {
  readonly requestId: string;
  readonly error: PaddockError;
  /** Instead of the catalogue's, where the service is away for a while. */
  readonly status?: number;
}

/**
 * Sends AWS's answer for an error. Where the request's body was not read to its end, the connection
 * is closed, after the client had a bounded chance to finish sending and to read.
 */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, error, status }: ErrorAnswer,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const answer = toErrorResponse(error);
  const body = Buffer.from(answer.body);
  const headers = ["x-amzn-RequestId", requestId, "Content-Length", String(body.length)];
  for (const [name, value] of Object.entries(answer.headers)) headers.push(name, value);
  if (request.complete) {
    response.writeHead(status ?? answer.status, headers);
    response.end(body);
    return;
  }
  headers.push("Connection", "close");
  response.writeHead(status ?? answer.status, headers);
  response.write(body);
  const bounds = { bytes: gatewayLimits.discardedBodyBytes, ms: gatewayLimits.discardMs };
  discardRest(request, bounds, () => response.end());
}
