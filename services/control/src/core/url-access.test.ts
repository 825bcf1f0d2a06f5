import { describe, expect, it } from "vitest";
import { isOpenToAll } from "./url-access.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const url = {
  ...{ Sid: "url", Effect: "Allow", Principal: "*", Resource: arn },
  Action: "lambda:InvokeFunctionUrl",
  Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
};
const via = {
  ...{ Sid: "via", Effect: "Allow", Principal: "*", Resource: arn },
  Action: "lambda:InvokeFunction",
  Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
};
const isOpen = (...Statement: unknown[]) => isOpenToAll({ Statement }, arn);

describe("a function URL without authentication", () => {
  it("is open where the policy has both grants for everybody", () => {
    expect(isOpen(url, via)).toBe(true);
    expect(isOpen({ ...url, Action: "lambda:*", Condition: undefined })).toBe(true);
    expect(isOpen({ ...url, Principal: { AWS: ["*"] } }, { ...via, Resource: "*" })).toBe(true);
  });

  it.each<[string, unknown[]]>([
    ["nothing", []],
    ["one of the two", [url]],
    ["the other of the two", [via]],
    ["another principal", [{ ...url, Principal: { AWS: "123456789012" } }, via]],
    ["a service", [{ ...url, Principal: { Service: "*" } }, via]],
    ["another function", [{ ...url, Resource: `${arn}-2` }, via]],
    ["another action", [{ ...url, Action: "lambda:GetFunction" }, via]],
    [
      "another auth type",
      [{ ...url, Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } } }, via],
    ],
    [
      "a condition that is not known here",
      [{ ...url, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }, via],
    ],
    ["what it leaves out", [{ ...url, Principal: undefined, NotPrincipal: "x" }, via]],
    ["a Deny", [url, via, { ...url, Effect: "Deny", Condition: undefined }]],
    [
      "a Deny under a condition that is not known here",
      [url, via, { ...via, Effect: "Deny", Condition: { IpAddress: { "aws:SourceIp": "x" } } }],
    ],
  ])("is closed where the policy has %s", (_what, statements) => {
    expect(isOpen(...statements)).toBe(false);
  });

  it("is closed without a policy", () => {
    expect(isOpenToAll(undefined, arn)).toBe(false);
  });
});
