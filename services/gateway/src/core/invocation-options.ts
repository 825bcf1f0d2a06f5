import { limits, PaddockError } from "@paddock/contracts";
import { validationError } from "@paddock/lambda-model";

/** The headers that shape an invocation. Source: ../shared/spec/lambda-spec.md §2.1. */
export type InvocationType = "RequestResponse" | "Event" | "DryRun";

export interface InvocationOptions {
  readonly type: InvocationType;
  readonly wantsLogTail: boolean;
  /** Decoded JSON text; synchronous invocations only. */
  readonly clientContext: string | undefined;
}

/** InvokeAsync reads no headers of its own. */
export const asyncOptions: InvocationOptions = {
  type: "Event",
  wantsLogTail: false,
  clientContext: undefined,
};

/** Lower-case names, as Node gives them; a repeated header is one string, joined by commas. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Throws ValidationException, InvalidRequestContentException or InvalidParameterValueException. */
export function readInvocationOptions(headers: RequestHeaders): InvocationOptions {
  const type = readType(text(headers["x-amz-invocation-type"]));
  const wantsLogTail = readLogType(text(headers["x-amz-log-type"])) && type === "RequestResponse";
  if (text(headers["x-amz-tenant-id"]) !== "") {
    // Nothing here runs per tenant; running it anyway would mix tenants.
    throw new PaddockError(
      "InvalidParameterValueException",
      "The invoked function is not enabled with tenancy configuration. Remove the tenant ID parameter and try your request again.",
    );
  }
  const encoded = text(headers["x-amz-client-context"]);
  const clientContext = encoded === "" || type === "Event" ? undefined : readClientContext(encoded);
  return { type, wantsLogTail, clientContext };
}

function text(value: string | readonly string[] | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : value.join(",");
}

function readType(value: string): InvocationType {
  switch (value) {
    case "":
    case "RequestResponse":
      return "RequestResponse";
    case "Event":
    case "DryRun":
      return value;
    default:
      throw notInEnum(value, "invocationType", "[Event, RequestResponse, DryRun]");
  }
}

function readLogType(value: string): boolean {
  if (value === "" || value === "None") return false;
  if (value === "Tail") return true;
  throw notInEnum(value, "logType", "[None, Tail]");
}

function notInEnum(value: string, member: string, values: string): PaddockError {
  const constraint = `Member must satisfy enum value set: ${values}`;
  return validationError([{ value, member, constraint }]);
}

function readClientContext(encoded: string): string {
  if (encoded.length > limits.clientContextBytes) {
    throw new PaddockError(
      "InvalidRequestContentException",
      `Client context must be at most ${limits.clientContextBytes} bytes of base64-encoded data; this one has ${encoded.length}.`,
    );
  }
  const invalid = new PaddockError(
    "InvalidRequestContentException",
    "Client context must be a valid Base64-encoded JSON object.",
  );
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw invalid;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  if (!isJsonObject(decoded)) throw invalid;
  return decoded;
}

function isJsonObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
