import { type ErrorCode, type ErrorEntry, errorCatalogue } from "./catalogue.ts";

/** Error of the catalogue, on its way to a client. */
export class PaddockError extends Error {
  override readonly name = "PaddockError";
  readonly code: ErrorCode;
  /** Further members of the body, such as `Reason`. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get entry(): ErrorEntry {
    return errorCatalogue[this.code];
  }
}

export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The HTTP answer that AWS gives for this error; the caller adds `x-amzn-RequestId`. */
export function toErrorResponse(error: PaddockError): ErrorResponse {
  const { status, bodyKey, type } = error.entry;
  const body = {
    ...error.details,
    ...(type === undefined ? {} : { Type: type }),
    [bodyKey]: error.message,
  };
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-ErrorType": error.code },
    body: JSON.stringify(body),
  };
}
