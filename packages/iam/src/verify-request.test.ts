/** Scenario: requests that must not pass, each with the error that AWS gives for it. */
import { type CredentialRecord, PaddockError } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { iamLimits } from "./limits.ts";
import { signRequest, type RequestToSign } from "./sign-request.ts";
import { signingKey, signingKeyCacheSize } from "./signing-key.ts";
import { type RequestToVerify, verifyRequest } from "./verify-request.ts";

const nowMs = Date.parse("2026-11-23T10:00:00Z");
const credential: CredentialRecord = {
  accessKeyId: "AKIAPADDOCKEXAMPLE00",
  secretAccessKey: "a-secret-of-some-length",
  principalArn: "arn:aws:iam::000000000000:user/developer",
  enabled: true,
};

function attempt(options: {
  readonly sign?: Partial<RequestToSign>;
  readonly verify?: Partial<RequestToVerify>;
  readonly record?: Partial<CredentialRecord>;
}): string {
  const body = Buffer.from("{}");
  const headers = signRequest({
    method: "POST",
    target: "/2015-03-31/functions/hello/invocations",
    headers: ["Host", "127.0.0.1:4574"],
    body,
    credentials: credential,
    region: "us-east-1",
    service: "lambda",
    nowMs,
    ...options.sign,
  });
  return outcome({ headers, body, ...options.verify }, options.record);
}

function outcome(
  overrides: Partial<RequestToVerify>,
  record: Partial<CredentialRecord> = {},
): string {
  try {
    const principal = verifyRequest({
      method: "POST",
      target: "/2015-03-31/functions/hello/invocations",
      headers: [],
      body: Buffer.from("{}"),
      credentials: (id) =>
        id === credential.accessKeyId ? { ...credential, ...record } : undefined,
      nowMs,
      region: "us-east-1",
      service: "lambda",
      ...overrides,
    });
    return principal.principalArn;
  } catch (error) {
    if (!(error instanceof PaddockError)) throw error;
    return `${error.entry.status} ${error.code}: ${error.message}`;
  }
}

describe("verifyRequest", () => {
  it("names the principal of a request that is signed well", () => {
    expect(attempt({})).toBe(credential.principalArn);
  });

  it("takes the body's hash in place of its bytes", () => {
    const sha256Hex = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    expect(attempt({ verify: { body: { sha256Hex } } })).toBe(credential.principalArn);
  });

  it("asks for a signature where there is none", () => {
    const missing = "403 MissingAuthenticationTokenException: Missing Authentication Token";
    expect(outcome({ headers: ["Host", "127.0.0.1:4574"] })).toBe(missing);
    expect(outcome({ headers: ["Authorization", "Bearer something"] })).toBe(missing);
  });

  it("refuses an Authorization header that lacks parts", () => {
    expect(outcome({ headers: ["Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c"] })).toBe(
      "403 IncompleteSignatureException: Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256 Credential=a/b/c",
    );
    expect(outcome({ headers: ["Authorization", "AWS4-HMAC-SHA256 what"] })).toBe(
      "403 IncompleteSignatureException: 'what' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 what'.",
    );
    expect(outcome({ headers: ["Authorization", "AWS4-HMAC-SHA1 what"] })).toContain(
      "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'.",
    );
  });

  it("refuses a credential that is no scope", () => {
    const authorization = "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00";
    const headers = ["Authorization", authorization, "X-Amz-Date", "20261123T100000Z"];
    expect(outcome({ headers })).toBe(
      "403 IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'",
    );
  });

  it("refuses an unknown key and a key that is switched off alike", () => {
    const refused =
      "403 UnrecognizedClientException: The security token included in the request is invalid.";
    const unknown = { ...credential, accessKeyId: "AKIAUNKNOWN000000000" };
    expect(attempt({ sign: { credentials: unknown } })).toBe(refused);
    expect(attempt({ record: { enabled: false } })).toBe(refused);
  });

  it("shows what should have been signed when the secret is wrong", () => {
    const wrong = { ...credential, secretAccessKey: "another-secret-altogether" };
    expect(attempt({ sign: { credentials: wrong } })).toBe(
      [
        "403 InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        "",
        "The Canonical String for this request should have been",
        "'POST",
        "/2015-03-31/functions/hello/invocations",
        "",
        "host:127.0.0.1:4574",
        "x-amz-date:20261123T100000Z",
        "",
        "host;x-amz-date",
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'",
        "",
        "The String-to-Sign should have been",
        "'AWS4-HMAC-SHA256",
        "20261123T100000Z",
        "20261123/us-east-1/lambda/aws4_request",
        "f20c8b0f5db9e4e85d46bd42ab8bd65b73152445579adc145e300ebff143a22c'",
        "",
      ].join("\n"),
    );
  });

  it("refuses a changed body, target and signed header", () => {
    const refused = "403 InvalidSignatureException: The request signature we calculated";
    expect(attempt({ verify: { body: Buffer.from("{ }") } })).toContain(refused);
    expect(attempt({ verify: { target: "/2015-03-31/functions/other/invocations" } })).toContain(
      refused,
    );
    expect(attempt({ verify: { method: "PUT" } })).toContain(refused);
  });

  it("refuses a signature older than five minutes, and one from the future", () => {
    expect(attempt({ sign: { nowMs: nowMs - 300_000 } })).toBe(credential.principalArn);
    expect(attempt({ sign: { nowMs: nowMs - 301_000 } })).toBe(
      "403 InvalidSignatureException: Signature expired: 20261123T095459Z is now earlier than 20261123T095500Z (20261123T100000Z - 5 min.)",
    );
    expect(attempt({ sign: { nowMs: nowMs + 301_000 } })).toBe(
      "403 InvalidSignatureException: Signature not yet current: 20261123T100501Z is still later than 20261123T100500Z (20261123T100000Z + 5 min.)",
    );
  });

  it("refuses another region and another service", () => {
    expect(attempt({ sign: { region: "eu-west-1" } })).toBe(
      "403 InvalidSignatureException: Credential should be scoped to a valid region. ",
    );
    expect(attempt({ sign: { service: "s3" } })).toBe(
      "403 InvalidSignatureException: Credential should be scoped to correct service: 'lambda'. ",
    );
  });

  it("wants the host to be signed", () => {
    expect(attempt({ sign: { headers: ["X-Other", "1"] } })).toBe(
      "403 InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
  });

  it("checks the token of temporary credentials and when it expires", () => {
    const temporary = { ...credential, sessionToken: "right", expiresAtMs: nowMs + 1 };
    const token = (sessionToken: string | undefined) => ({ ...credential, sessionToken });
    expect(attempt({ sign: { credentials: token("right") }, record: temporary })).toBe(
      credential.principalArn,
    );
    expect(attempt({ sign: { credentials: token("wrong") }, record: temporary })).toContain(
      "UnrecognizedClientException",
    );
    expect(attempt({ sign: { credentials: token(undefined) }, record: temporary })).toContain(
      "UnrecognizedClientException",
    );
    const expired = { ...temporary, expiresAtMs: nowMs };
    expect(attempt({ sign: { credentials: token("right") }, record: expired })).toBe(
      "403 ExpiredTokenException: The security token included in the request is expired",
    );
  });

  it("refuses a presigned request that would live longer than a week", () => {
    const target =
      "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAPADDOCKEXAMPLE00%2F20261123%2Fus-east-1%2Flambda%2Faws4_request&X-Amz-Date=20261123T100000Z&X-Amz-SignedHeaders=host&X-Amz-Expires=604801&X-Amz-Signature=00";
    expect(outcome({ target })).toContain("X-Amz-Expires must be less than a week");
  });

  it("keeps a bounded number of derived keys, and notices a changed secret", () => {
    const scope = { date: "20261123", region: "us-east-1", service: "lambda" };
    const before = signingKey("AKIACHANGED", "first", scope).export().toString("hex");
    const after = signingKey("AKIACHANGED", "second", scope).export().toString("hex");
    expect(after).not.toBe(before);
    for (let index = 0; index <= iamLimits.signingKeyCacheEntries; index++) {
      signingKey(`AKIA${index}`, "secret", scope);
    }
    expect(signingKeyCacheSize()).toBe(iamLimits.signingKeyCacheEntries);
  });
});
