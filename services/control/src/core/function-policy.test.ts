import { describe, expect, it } from "vitest";
import {
  newStatement,
  readPolicyDocument,
  withoutStatement,
  withStatement,
} from "./function-policy.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const request = (more = {}) => ({
  ...{ StatementId: "s", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" },
  ...more,
});

describe("a statement", () => {
  it.each([
    ["s3.amazonaws.com", { Service: "s3.amazonaws.com" }],
    ["123456789012", { AWS: "arn:aws:iam::123456789012:root" }],
    ["arn:aws:iam::123456789012:user/u", { AWS: "arn:aws:iam::123456789012:user/u" }],
    ["*", "*"],
  ])("names the principal %s as AWS does", (Principal, principal) => {
    expect(newStatement(request({ Principal }), arn)).toEqual({
      ...{ Sid: "s", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: arn },
      Principal: principal,
    });
  });

  it("has a condition for all that the caller restricts", () => {
    const { Condition } = newStatement(
      request({
        Action: "lambda:InvokeFunctionUrl",
        SourceArn: "arn:aws:s3:::bucket",
        SourceAccount: "123456789012",
        PrincipalOrgID: "o-0123456789",
        EventSourceToken: "token",
        FunctionUrlAuthType: "NONE",
        InvokedViaFunctionUrl: true,
      }),
      arn,
    );
    expect(Condition).toEqual({
      StringEquals: {
        "lambda:FunctionUrlAuthType": "NONE",
        "aws:PrincipalOrgID": "o-0123456789",
        "AWS:SourceAccount": "123456789012",
        "lambda:EventSourceToken": "token",
      },
      Bool: { "lambda:InvokedViaFunctionUrl": "true" },
      ArnLike: { "AWS:SourceArn": "arn:aws:s3:::bucket" },
    });
  });

  it.each([
    [
      { FunctionUrlAuthType: "NONE" as const },
      "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
    ],
    [
      { Principal: "nobody" },
      "The provided principal was invalid. Please check the principal and try again.",
    ],
  ])("cannot be made of %j", (more, message) => {
    expect(() => newStatement(request(more), arn)).toThrow(message);
  });
});

describe("a policy", () => {
  const one = newStatement(request({ StatementId: "one" }), arn);
  const two = newStatement(request({ StatementId: "two" }), arn);

  it("keeps its statements in order, each id once, and is gone with its last one", () => {
    const policy = withStatement(withStatement(undefined, one), two);
    expect(policy).toEqual({ Version: "2012-10-17", Id: "default", Statement: [one, two] });
    expect(() => withStatement(policy, one)).toThrow("The statement id (one) provided already");
    const left = withoutStatement(policy, "one");
    expect(left).toMatchObject({ Statement: [two] });
    expect(withoutStatement(left, "two")).toBeUndefined();
    expect(() => withoutStatement(policy, "three")).toThrow("Statement three is not found");
    expect(() => withoutStatement(undefined, "one")).toThrow("No policy is associated");
  });

  it("may be written as a whole, and has to be one", () => {
    const text = JSON.stringify({ Version: "2012-10-17", Statement: one });
    expect(withStatement(readPolicyDocument(text), two)).toEqual({
      Version: "2012-10-17",
      Id: "default",
      Statement: [one, two],
    });
    for (const wrong of ["", "[]", "{}", '{"Statement":[]}', '{"Statement":[{"Effect":"May"}]}']) {
      expect(() => readPolicyDocument(wrong)).toThrow(/^The policy /);
    }
  });
});
