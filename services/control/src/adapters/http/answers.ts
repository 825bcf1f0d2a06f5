import { randomUUID } from "node:crypto";
import { PaddockError, toErrorResponse } from "@paddock/contracts";
import type { FastifyReply } from "fastify";

/** Every answer of the Lambda API carries a request id. */
export function sendJson(reply: FastifyReply, status: number, document: unknown): FastifyReply {
  return reply
    .code(status)
    .header("content-type", "application/json")
    .header("x-amzn-RequestId", randomUUID())
    .send(Buffer.from(JSON.stringify(document)));
}

/** Success without a body. */
export function sendEmpty(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).header("x-amzn-RequestId", randomUUID()).send();
}

export function sendError(reply: FastifyReply, error: PaddockError): FastifyReply {
  const { status, headers, body } = toErrorResponse(error);
  return reply
    .code(status)
    .headers(headers)
    .header("x-amzn-RequestId", randomUUID())
    .send(Buffer.from(body));
}

/** What a client gets to see of a fault of ours. */
export function internalError(cause: unknown): PaddockError {
  return new PaddockError(
    "ServiceException",
    "An error occurred and the request cannot be processed.",
    { cause },
  );
}

export function unknownOperation(message: string): PaddockError {
  return new PaddockError("UnknownOperationException", message);
}

/**
 * An operation of AWS that Paddock does not have. AWS answers so where an endpoint lacks an
 * operation; its text comes first, then what it means here.
 */
export function notOffered(operation: string): PaddockError {
  return new PaddockError(
    "AccessDeniedException",
    `Unable to determine service/operation name to be authorized: ${operation} is not offered by this version of Paddock.`,
  );
}

export function requestTooLarge(limitBytes: number, operation: string): PaddockError {
  return new PaddockError(
    "RequestEntityTooLargeException",
    `Request must be smaller than ${limitBytes} bytes for the ${operation} operation`,
  );
}
