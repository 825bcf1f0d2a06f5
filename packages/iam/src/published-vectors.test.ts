/**
 * Requests and signatures of the SigV4 test suite that AWS publishes with awslabs/aws-c-auth
 * (tests/aws-signing-test-suite/v4). Scenario: somebody else's signer, our check.
 */
import { describe, expect, it } from "vitest";
import { verifyRequest } from "./verify-request.ts";

const credential = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  principalArn: "arn:aws:iam::000000000000:user/example",
  enabled: true,
};

interface Vector {
  readonly name: string;
  readonly target: string;
  readonly headers?: readonly string[];
  readonly signedHeaders: string;
  readonly signature: string;
}

const vectors: readonly Vector[] = [
  {
    name: "get-relative-normalized",
    target: "/example/..",
    signedHeaders: "host;x-amz-date",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  {
    name: "get-slashes-normalized",
    target: "//example//",
    signedHeaders: "host;x-amz-date",
    signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
  },
  {
    name: "get-utf8",
    target: Buffer.from("/ሴ", "utf8").toString("latin1"),
    signedHeaders: "host;x-amz-date",
    signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
  },
  {
    name: "get-vanilla-query-order-encoded",
    target: "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
    signedHeaders: "host;x-amz-date",
    signature: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
  },
  {
    name: "get-header-value-trim",
    target: "/",
    headers: ["My-Header1", " value1", "My-Header2", ' "a   b   c"'],
    signedHeaders: "host;my-header1;my-header2;x-amz-date",
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  {
    name: "get-header-key-duplicate",
    target: "/",
    headers: ["My-Header1", "value2", "My-Header1", "value2", "My-Header1", "value1"],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
];

const common = {
  method: "GET",
  body: new Uint8Array(),
  credentials: (id: string) => (id === credential.accessKeyId ? credential : undefined),
  nowMs: Date.parse("2015-08-30T12:36:00Z"),
  region: "us-east-1",
  service: "service",
};

describe("the published SigV4 test suite", () => {
  it.each(vectors)("accepts $name in the header form", (vector) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${vector.signedHeaders}, Signature=${vector.signature}`;
    const headers = [
      "Host",
      "example.amazonaws.com",
      ...(vector.headers ?? []),
      "Authorization",
      authorization,
      "X-Amz-Date",
      "20150830T123600Z",
    ];
    const principal = verifyRequest({ ...common, target: vector.target, headers });
    expect(principal.principalArn).toBe(credential.principalArn);
  });

  it("accepts get-vanilla-utf8-query in the query form", () => {
    const target = Buffer.from(
      "/?ሴ=bar&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature=0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600",
      "utf8",
    ).toString("latin1");
    const headers = ["Host", "example.amazonaws.com", "X-Amz-Date", "20150830T123600Z"];
    expect(verifyRequest({ ...common, target, headers }).accessKeyId).toBe("AKIDEXAMPLE");
  });
});
