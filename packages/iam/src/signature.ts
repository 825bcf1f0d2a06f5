import { createHmac, hash } from "node:crypto";
import { type CanonicalRequestParts, canonicalRequest } from "./canonical-request.ts";
import { type SigningScope, signingKey } from "./signing-key.ts";

export const algorithm = "AWS4-HMAC-SHA256";
export const terminator = "aws4_request";

/** SHA-256 of no bytes. */
export const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export interface CalculatedSignature {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: Buffer;
}

/** The signature that the holder of the secret makes for this request. */
export function calculateSignature(
  request: CanonicalRequestParts,
  amzDate: string,
  scope: SigningScope,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): CalculatedSignature {
  const canonical = canonicalRequest(request);
  const digest = hash("sha256", Buffer.from(canonical, "latin1"), "hex");
  const stringToSign = `${algorithm}\n${amzDate}\n${scopeText(scope)}\n${digest}`;
  const key = signingKey(credentials.accessKeyId, credentials.secretAccessKey, scope);
  const signature = createHmac("sha256", key).update(stringToSign).digest();
  return { canonicalRequest: canonical, stringToSign, signature };
}

export function scopeText(scope: SigningScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/${terminator}`;
}

export function sha256Hex(body: Uint8Array): string {
  return body.length === 0 ? emptySha256 : hash("sha256", body, "hex");
}
