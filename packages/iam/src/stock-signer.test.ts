/** Scenario: any request, signed by the SDK's own signer, is accepted; changed anywhere, it is not. */
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentEncode, utf8AsLatin1 } from "./encoding.ts";
import { presignRequest, signRequest } from "./sign-request.ts";
import { type RequestToVerify, verifyRequest } from "./verify-request.ts";

type SourceData = string | ArrayBuffer | ArrayBufferView;

class Sha256 {
  readonly #hash;
  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }
  update(data: SourceData): void {
    this.#hash.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
  reset(): void {
    throw new Error("not used by the signer");
  }
}

function bytes(data: SourceData): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const keys = { accessKeyId: "AKIAPADDOCKEXAMPLE00", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxR" };
const scope = { region: "eu-central-1", service: "lambda" };
const now = new Date("2026-11-23T10:00:00Z");
const signer = new SignatureV4({
  ...scope,
  credentials: keys,
  sha256: Sha256,
  applyChecksum: false,
});

const segment = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const headerValue = fc
  .string({ maxLength: 20 })
  .map((text) => text.replaceAll(/[^\x20-\x7e]/g, "-"));
const request = fc.record({
  path: fc.array(segment, { maxLength: 4 }),
  // The SDK keeps a query in a plain object and loses this one name.
  query: fc.dictionary(
    segment.filter((name) => name !== "__proto__"),
    fc.string({ unit: "grapheme", maxLength: 8 }),
    { maxKeys: 4 },
  ),
  headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), headerValue, { maxKeys: 3 }),
  body: fc.uint8Array({ maxLength: 64 }),
});
type Generated = typeof request extends fc.Arbitrary<infer T> ? T : never;

const wirePart = (text: string): string => percentEncode(utf8AsLatin1(text));

function wireTarget({ path, query }: Generated): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${wirePart(name)}=${wirePart(value)}`,
  );
  const mark = pairs.length === 0 ? "" : "?";
  return `/${path.map(wirePart).join("/")}${mark}${pairs.join("&")}`;
}

function smithyRequest(generated: Generated) {
  return {
    method: "POST",
    protocol: "http:",
    hostname: "127.0.0.1",
    path: `/${generated.path.map(wirePart).join("/")}`,
    query: generated.query,
    headers: { ...generated.headers, host: "127.0.0.1:4574" },
    body: generated.body,
  };
}

function toVerify(
  overrides: Pick<RequestToVerify, "target" | "headers" | "body"> & Partial<RequestToVerify>,
): RequestToVerify {
  return {
    method: "POST",
    credentials: () => ({ ...keys, principalArn: "arn:aws:iam::000000000000:root", enabled: true }),
    nowMs: now.getTime(),
    ...scope,
    ...overrides,
  };
}

describe("requests of the SDK's signer", () => {
  it("are accepted in the header form, whatever their path, query, headers and body", async () => {
    await fc.assert(
      fc.asyncProperty(request, async (generated) => {
        const signed = await signer.sign(smithyRequest(generated), { signingDate: now });
        const headers = Object.entries(signed.headers).flat();
        const principal = verifyRequest(
          toVerify({ target: wireTarget(generated), headers, body: generated.body }),
        );
        expect(principal.accessKeyId).toBe(keys.accessKeyId);
      }),
    );
  });

  it("are accepted in the query form", async () => {
    await fc.assert(
      fc.asyncProperty(request, async (generated) => {
        const plain = { ...smithyRequest(generated), headers: { host: "127.0.0.1:4574" } };
        const signed = await signer.presign(plain, { signingDate: now, expiresIn: 60 });
        const query = Object.fromEntries(
          Object.entries(signed.query ?? {}).map(([name, value]) => [name, String(value)]),
        );
        const target = wireTarget({ ...generated, query });
        const headers = ["Host", "127.0.0.1:4574"];
        const principal = verifyRequest(toVerify({ target, headers, body: generated.body }));
        expect(principal.accessKeyId).toBe(keys.accessKeyId);
      }),
    );
  });

  it("are refused once a byte of the body is changed", async () => {
    await fc.assert(
      fc.asyncProperty(request, fc.nat(), async (generated, at) => {
        fc.pre(generated.body.length > 0);
        const signed = await signer.sign(smithyRequest(generated), { signingDate: now });
        const body = Uint8Array.from(generated.body);
        const index = at % body.length;
        body[index] = (body[index] ?? 0) ^ 1;
        const headers = Object.entries(signed.headers).flat();
        expect(() =>
          verifyRequest(toVerify({ target: wireTarget(generated), headers, body })),
        ).toThrow("The request signature we calculated does not match");
      }),
    );
  });
});

describe("our own signer", () => {
  it("signs exactly as the SDK's does", async () => {
    await fc.assert(
      fc.asyncProperty(request, async (generated) => {
        const theirs = await signer.sign(smithyRequest(generated), { signingDate: now });
        const ours = signRequest({
          method: "POST",
          target: wireTarget(generated),
          headers: [...Object.entries(generated.headers).flat(), "host", "127.0.0.1:4574"],
          body: generated.body,
          credentials: keys,
          ...scope,
          nowMs: now.getTime(),
        });
        expect(ours.at(-1)).toBe(theirs.headers["authorization"]);
      }),
    );
  });

  it("presigns targets that are accepted until they expire, and not afterwards", () => {
    const target = presignRequest({
      method: "GET",
      target: "/_paddock/code/hello?version=1",
      host: "127.0.0.1:4574",
      credentials: { ...keys, sessionToken: "token/with+signs==" },
      ...scope,
      nowMs: now.getTime(),
      expiresSeconds: 600,
    });
    const credentials = () => ({
      ...keys,
      sessionToken: "token/with+signs==",
      principalArn: "arn:aws:iam::000000000000:root",
      enabled: true,
    });
    const check = (nowMs: number) =>
      verifyRequest(
        toVerify({
          method: "GET",
          target,
          headers: ["Host", "127.0.0.1:4574"],
          body: new Uint8Array(),
          nowMs,
          credentials,
        }),
      );
    expect(check(now.getTime() + 600_000).accessKeyId).toBe(keys.accessKeyId);
    expect(() => check(now.getTime() + 601_000)).toThrow(
      "Signature expired: 20261123T100000Z is now earlier than 20261123T100001Z (20261123T101001Z - 600 sec.)",
    );
  });
});
