import { PaddockError } from "@paddock/contracts";
import { type CombinedHeaders, splitTarget } from "./canonical-request.ts";
import { formatAmzDate } from "./dates.ts";
import { percentDecode } from "./encoding.ts";

/** A signature as it was presented, in a header or in the query; its form is checked, no more. */
export interface PresentedSignature {
  readonly accessKeyId: string;
  /** Of the scope: `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: string;
  readonly signature: string;
  /** `YYYYMMDD'T'HHMMSS'Z'`, not yet checked. */
  readonly amzDate: string;
  readonly sessionToken: string | undefined;
  /** Seconds, only in the query form; not yet checked. */
  readonly expires: string | undefined;
}

const algorithm = "AWS4-HMAC-SHA256";

/** Throws MissingAuthenticationToken or IncompleteSignature with AWS's texts. */
export function readPresentedSignature(
  target: string,
  headers: CombinedHeaders,
): PresentedSignature {
  const authorization = headers.get("authorization");
  if (authorization !== undefined && authorization !== "") {
    return fromAuthorization(authorization, headers);
  }
  const { query } = splitTarget(target);
  if (!query.includes("X-Amz-")) throw missingToken();
  const parameters = new Map(query.split("&").map(decodePair));
  if (!parameters.has("X-Amz-Algorithm") && !parameters.has("X-Amz-Signature")) {
    throw missingToken();
  }
  return fromQuery(parameters);
}

function missingToken(): PaddockError {
  return new PaddockError("MissingAuthenticationTokenException", "Missing Authentication Token");
}

function incomplete(message: string): PaddockError {
  return new PaddockError("IncompleteSignatureException", message);
}

function fromAuthorization(authorization: string, headers: CombinedHeaders): PresentedSignature {
  const space = authorization.indexOf(" ");
  const named = space === -1 ? authorization : authorization.slice(0, space);
  if (!named.startsWith("AWS4-")) throw missingToken();
  if (named !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${named}'.`);
  const fields = new Map<string, string>();
  for (const field of authorization.slice(algorithm.length).split(",")) {
    const pair = field.trim();
    const equals = pair.indexOf("=");
    if (equals < 1) {
      throw incomplete(
        `'${pair}' not a valid key=value pair (missing equal-sign) in Authorization header: '${authorization}'.`,
      );
    }
    fields.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const amzDate = headers.get("x-amz-date") ?? httpDateAsAmzDate(headers.get("date"));
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => (fields.get(name) ?? "") === "")
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (amzDate === undefined) {
    missing.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  if (missing.length > 0) throw incomplete(`${missing.join(" ")} Authorization=${authorization}`);
  return {
    ...splitCredential(fields.get("Credential") ?? ""),
    signedHeaders: fields.get("SignedHeaders") ?? "",
    signature: fields.get("Signature") ?? "",
    amzDate: amzDate ?? "",
    sessionToken: headers.get("x-amz-security-token"),
    expires: undefined,
  };
}

function fromQuery(parameters: ReadonlyMap<string, string>): PresentedSignature {
  const named = parameters.get("X-Amz-Algorithm") ?? "";
  if (named !== "" && named !== algorithm) {
    throw incomplete(`Unsupported AWS 'algorithm': '${named}'.`);
  }
  const required = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
    "X-Amz-Expires",
  ];
  const missing = required.filter((name) => (parameters.get(name) ?? "") === "");
  if (missing.length > 0) {
    throw incomplete(
      missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(" "),
    );
  }
  return {
    ...splitCredential(parameters.get("X-Amz-Credential") ?? ""),
    signedHeaders: parameters.get("X-Amz-SignedHeaders") ?? "",
    signature: parameters.get("X-Amz-Signature") ?? "",
    amzDate: parameters.get("X-Amz-Date") ?? "",
    sessionToken: parameters.get("X-Amz-Security-Token"),
    expires: parameters.get("X-Amz-Expires") ?? "",
  };
}

function decodePair(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  return equals === -1
    ? [percentDecode(pair), ""]
    : [percentDecode(pair.slice(0, equals)), percentDecode(pair.slice(equals + 1))];
}

function splitCredential(
  credential: string,
): Pick<PresentedSignature, "accessKeyId" | "date" | "region" | "service" | "terminator"> {
  const parts = credential.split("/");
  const [accessKeyId, date, region, service, terminator] = parts;
  if (
    parts.length !== 5 ||
    accessKeyId === undefined ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    terminator === undefined
  ) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  return { accessKeyId, date, region, service, terminator };
}

function httpDateAsAmzDate(date: string | undefined): string | undefined {
  if (date === undefined || /^\d{8}T\d{6}Z$/.test(date)) return date;
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? date : formatAmzDate(ms);
}
