import type { z } from "zod";
import type { ErrorCode } from "../../errors/catalogue.ts";

/** Where an operation is found on the wire. */
export interface OperationAddress {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `{Label}` is one path segment. */
  readonly path: string;
  /** The query parameter that tells it from another operation at the same address. */
  readonly selector?: { readonly parameter: string; readonly value: string };
}

/** An operation of the Lambda API as data: what AWS's service model says of it. */
export interface OperationShape extends OperationAddress {
  /** Of success. */
  readonly status: number;
  /**
   * Members of path labels, query and body together, as in AWS's model: all that is wrong with a
   * request goes into one error. The function's name is read apart from it.
   */
  readonly input?: z.ZodObject;
  /** Members of `input` that come from the query string. */
  readonly query?: readonly string[];
  /** Those of them that may be given several times: lists. */
  readonly queryLists?: readonly string[];
  /** Largest body, where AWS names a figure. */
  readonly bodyBytes?: number;
  /** Absent: success has no body. */
  readonly answer?: z.ZodType;
  /** Errors of its own that it gives; every operation knows `commonErrors` beside them. */
  readonly errors: readonly ErrorCode[];
  /** Errors that AWS's model lists for it and that cannot come about here, with the reason. */
  readonly ungiven?: Readonly<Record<string, string>>;
}

/** Errors that any operation may give. */
export const commonErrors = [
  "AccessDeniedException",
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidParameterValueException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "RequestEntityTooLargeException",
  "SerializationException",
  "ServiceException",
  "UnrecognizedClientException",
  "ValidationException",
] as const satisfies readonly ErrorCode[];

export function operation<const Shape extends OperationShape>(shape: Shape): Shape {
  return shape;
}

/** What a request says, read and checked. */
export type InputOf<Shape extends OperationShape> = Shape extends { input: z.ZodType }
  ? z.output<Shape["input"]>
  : Record<string, never>;

/** What success answers; void where it has no body. */
export type AnswerOf<Shape extends OperationShape> = Shape extends { answer: z.ZodType }
  ? z.input<Shape["answer"]>
  : void;
