import { timingSafeEqual } from "node:crypto";
import { type CredentialRecord, PaddockError } from "@paddock/contracts";
import { combineHeaders, type CombinedHeaders } from "./canonical-request.ts";
import { formatAmzDate, parseAmzDate } from "./dates.ts";
import { iamLimits } from "./limits.ts";
import { type PresentedSignature, readPresentedSignature } from "./presented-signature.ts";
import {
  type CalculatedSignature,
  calculateSignature,
  sha256Hex,
  terminator,
} from "./signature.ts";

/** A request as it came over the wire, and what to check it against. */
export interface RequestToVerify {
  readonly method: string;
  /** Raw request target, path and query, exactly as on the request line. */
  readonly target: string;
  /** Raw headers, flat: name, value, name, value (Node's `rawHeaders`). */
  readonly headers: readonly string[];
  /** The body's bytes, or their SHA-256 in lower-case hex where it was hashed as it came. */
  readonly body: Uint8Array | { readonly sha256Hex: string };
  readonly credentials: (accessKeyId: string) => CredentialRecord | undefined;
  readonly nowMs: number;
  readonly region: string;
  /** As in the credential scope: `lambda`. */
  readonly service: string;
}

/** Who signed a request. */
export interface Principal {
  readonly accessKeyId: string;
  readonly principalArn: string;
}

/**
 * Checks the SigV4 signature of a request, in the `Authorization` header or in the query.
 *
 * The payload hash is always taken of the body that came: Lambda knows no unsigned payloads, and a
 * changed body is a changed signature. Throws PaddockError with AWS's codes and texts, 403 all:
 * MissingAuthenticationToken, IncompleteSignature, InvalidSignature, UnrecognizedClient, ExpiredToken.
 */
export function verifyRequest(request: RequestToVerify): Principal {
  const headers = combineHeaders(request.headers);
  const presented = readPresentedSignature(request.target, headers);
  checkScope(presented, request);
  checkDate(presented, request.nowMs);
  const credential = findCredential(presented, request);
  checkHostIsSigned(presented);
  const calculated = calculate(presented, request, headers, credential);
  if (!equalSignatures(presented.signature, calculated.signature)) throw mismatch(calculated);
  return { accessKeyId: credential.accessKeyId, principalArn: credential.principalArn };
}

function invalid(message: string): PaddockError {
  return new PaddockError("InvalidSignatureException", message);
}

function checkScope(presented: PresentedSignature, request: RequestToVerify): void {
  if (presented.region !== request.region) {
    throw invalid("Credential should be scoped to a valid region. ");
  }
  if (presented.service !== request.service) {
    throw invalid(`Credential should be scoped to correct service: '${request.service}'. `);
  }
  if (presented.terminator !== terminator) {
    throw invalid(
      `Credential should be scoped with a valid terminator: '${terminator}', not '${presented.terminator}'. `,
    );
  }
}

function checkDate(presented: PresentedSignature, nowMs: number): void {
  const { amzDate, date, expires } = presented;
  const signedMs = parseAmzDate(amzDate);
  if (signedMs === undefined) {
    throw new PaddockError(
      "IncompleteSignatureException",
      `Date must be in ISO-8601 'basic format'. Got '${amzDate}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  if (date !== amzDate.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    );
  }
  const now = formatAmzDate(nowMs);
  if (signedMs > nowMs + iamLimits.clockSkewMs) {
    const latest = formatAmzDate(nowMs + iamLimits.clockSkewMs);
    throw invalid(
      `Signature not yet current: ${amzDate} is still later than ${latest} (${now} + 5 min.)`,
    );
  }
  const validMs = expires === undefined ? iamLimits.clockSkewMs : presignedSeconds(expires) * 1000;
  if (signedMs >= nowMs - validMs) return;
  const earliest = formatAmzDate(nowMs - validMs);
  const age = expires === undefined ? "5 min." : `${expires} sec.`;
  throw invalid(`Signature expired: ${amzDate} is now earlier than ${earliest} (${now} - ${age})`);
}

function presignedSeconds(expires: string): number {
  if (!/^\d{1,9}$/.test(expires)) throw invalid("X-Amz-Expires should be a number");
  const seconds = Number(expires);
  if (seconds <= iamLimits.presignedExpiresSecondsMax) return seconds;
  throw invalid(
    `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${iamLimits.presignedExpiresSecondsMax} seconds`,
  );
}

function findCredential(presented: PresentedSignature, request: RequestToVerify): CredentialRecord {
  const credential = request.credentials(presented.accessKeyId);
  if (
    credential === undefined ||
    !credential.enabled ||
    !equalTexts(presented.sessionToken ?? "", credential.sessionToken ?? "")
  ) {
    throw new PaddockError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }
  if (credential.expiresAtMs !== undefined && credential.expiresAtMs <= request.nowMs) {
    throw new PaddockError(
      "ExpiredTokenException",
      "The security token included in the request is expired",
    );
  }
  return credential;
}

function checkHostIsSigned(presented: PresentedSignature): void {
  const names = presented.signedHeaders.split(";");
  if (names.includes("host") || names.includes(":authority")) return;
  throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

function calculate(
  presented: PresentedSignature,
  request: RequestToVerify,
  headers: CombinedHeaders,
  credential: CredentialRecord,
): CalculatedSignature {
  const { body } = request;
  return calculateSignature(
    {
      method: request.method,
      target: request.target,
      headers,
      signedHeaders: presented.signedHeaders,
      payloadSha256: body instanceof Uint8Array ? sha256Hex(body) : body.sha256Hex,
    },
    presented.amzDate,
    presented,
    credential,
  );
}

function equalSignatures(presentedHex: string, calculated: Buffer): boolean {
  const presented = Buffer.from(presentedHex, "hex");
  return (
    presentedHex.length === calculated.length * 2 &&
    presented.length === calculated.length &&
    timingSafeEqual(presented, calculated)
  );
}

function equalTexts(presented: string, known: string): boolean {
  const a = Buffer.from(presented, "latin1");
  const b = Buffer.from(known, "latin1");
  return a.length === b.length && timingSafeEqual(a, b);
}

/** AWS tells a client what it should have signed; nothing in it is secret to who sent it. */
function mismatch(calculated: CalculatedSignature): PaddockError {
  const text =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
  const explained =
    calculated.canonicalRequest.length > iamLimits.explainedCanonicalChars
      ? ""
      : `\n\nThe Canonical String for this request should have been\n'${calculated.canonicalRequest}'\n\nThe String-to-Sign should have been\n'${calculated.stringToSign}'\n`;
  return invalid(text + explained);
}
