/**
 * The one list of errors. A code is stable and never used for something else.
 *
 * `status` and `bodyKey` are what AWS sends (../shared/spec/lambda-spec.md §1.1–1.2); `blame` says
 * whose fault it is (caller: 4xx, function: 200 with X-Amz-Function-Error, platform: 5xx and pages
 * somebody); `retry` is what a client may do: `never`, `safe` (nothing was run), `after` (back off).
 * `type` is the body's `Type` member, absent where AWS sends none.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly bodyKey: "message" | "Message";
  readonly type?: "User" | "Service";
  readonly blame: "caller" | "function" | "platform";
  readonly retry: "never" | "safe" | "after";
}

const caller = { blame: "caller", retry: "never" } as const;

export const errorCatalogue = {
  InvalidParameterValueException: { status: 400, bodyKey: "message", type: "User", ...caller },
  InvalidRequestContentException: { status: 400, bodyKey: "message", type: "User", ...caller },
  ValidationException: { status: 400, bodyKey: "message", ...caller },
  SerializationException: { status: 400, bodyKey: "message", ...caller },
  CodeStorageExceededException: { status: 400, bodyKey: "message", type: "User", ...caller },
  PolicyLengthExceededException: { status: 400, bodyKey: "message", type: "User", ...caller },
  UnknownOperationException: { status: 404, bodyKey: "message", ...caller },
  AccessDeniedException: { status: 403, bodyKey: "Message", ...caller },
  IncompleteSignatureException: { status: 403, bodyKey: "message", ...caller },
  InvalidSignatureException: { status: 403, bodyKey: "message", ...caller },
  MissingAuthenticationTokenException: { status: 403, bodyKey: "message", ...caller },
  UnrecognizedClientException: { status: 403, bodyKey: "message", ...caller },
  ExpiredTokenException: { status: 403, bodyKey: "message", ...caller },
  ResourceNotFoundException: { status: 404, bodyKey: "Message", type: "User", ...caller },
  ResourceConflictException: { status: 409, bodyKey: "message", type: "User", ...caller },
  PreconditionFailedException: { status: 412, bodyKey: "message", type: "User", ...caller },
  RequestTooLargeException: { status: 413, bodyKey: "message", type: "User", ...caller },
  RequestEntityTooLargeException: { status: 413, bodyKey: "message", ...caller },
  UnsupportedMediaTypeException: { status: 415, bodyKey: "message", type: "User", ...caller },
  TooManyRequestsException: {
    status: 429,
    bodyKey: "message",
    type: "User",
    blame: "caller",
    retry: "after",
  },
  ServiceException: {
    status: 500,
    bodyKey: "Message",
    type: "Service",
    blame: "platform",
    retry: "after",
  },
  ResourceNotReadyException: {
    status: 502,
    bodyKey: "message",
    type: "Service",
    blame: "platform",
    retry: "after",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
