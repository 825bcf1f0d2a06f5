/** Every request is signed; what is wrong with a signature gets the error that AWS gives for it. */
import { describe, expect, it } from "vitest";
import { type RawResponse, send, sendSigned, type Tampering } from "../support/clients.ts";
import { createFunction } from "../support/functions.ts";

const list = { method: "GET", path: "/2015-03-31/functions" };
const HOUR_MS = 3_600_000;

const refusal = ({ status, headers, body }: RawResponse) => ({
  status,
  code: headers.get("x-amzn-errortype"),
  message: (JSON.parse(body) as { message: string }).message,
});

describe("a request", () => {
  it("that is signed well is served", async () => {
    expect((await sendSigned(list)).status).toBe(200);
    const query = { MaxItems: "1", FunctionVersion: "ALL" };
    expect((await sendSigned({ ...list, query })).status).toBe(200);
  });

  it("that is not signed is refused", async () => {
    expect(refusal(await send(list))).toMatchObject({
      status: 403,
      code: "MissingAuthenticationTokenException",
      message: "Missing Authentication Token",
    });
  });

  it.each<[string, Tampering, string, RegExp]>([
    [
      "with an unknown access key",
      { accessKeyId: "AKIAAAAAAAAAAAAAAAAA" },
      "UnrecognizedClientException",
      /^The security token included in the request is invalid/,
    ],
    [
      "with a wrong secret",
      { secretAccessKey: "x".repeat(40) },
      "InvalidSignatureException",
      /^The request signature we calculated does not match the signature you provided/,
    ],
    [
      "that was signed an hour ago",
      { date: new Date(Date.now() - HOUR_MS) },
      "InvalidSignatureException",
      /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z/,
    ],
    [
      "that will be signed in an hour",
      { date: new Date(Date.now() + HOUR_MS) },
      "InvalidSignatureException",
      /^Signature not yet current: /,
    ],
  ])("%s is refused", async (_what, tampering, code, message) => {
    const answer = refusal(await sendSigned(list, tampering));
    expect(answer).toMatchObject({ status: 403, code });
    expect(answer.message).toMatch(message);
  });

  it.each(["/invocations", "/code"])(
    "to %s whose body was changed is refused",
    async (resource) => {
      const name = await createFunction({
        files: { "index.mjs": "export const handler = async (event) => event;" },
      });
      const request = {
        method: resource === "/code" ? "PUT" : "POST",
        path: `/2015-03-31/functions/${name}${resource}`,
        body: '{"amount":1}',
      };
      const answer = refusal(await sendSigned(request, { sentBody: '{"amount":9}' }));
      expect(answer).toMatchObject({ status: 403, code: "InvalidSignatureException" });
    },
  );

  it("with an incomplete Authorization header is refused", async () => {
    const headers = { authorization: "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1" };
    expect(refusal(await send({ ...list, headers }))).toMatchObject({
      status: 403,
      code: "IncompleteSignatureException",
    });
  });
});
