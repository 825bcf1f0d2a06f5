import { PaddockError } from "@paddock/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { functionArn } from "./arn.ts";
import { parseFunctionReference } from "./function-reference.ts";

const scope = { region: "us-east-1", accountId: "000000000000" };
const name = fc.stringMatching(/^[a-zA-Z0-9-_]{1,64}$/);
const qualifier = fc.oneof(
  fc.constant("$LATEST"),
  fc.stringMatching(/^[0-9]{1,9}$/),
  fc.stringMatching(/^[a-zA-Z0-9-_]{1,64}$/),
);

function refusal(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof PaddockError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("it was accepted");
}

/** The function and qualifier that were read, or the code of the error. */
function outcome(reference: string, asked: string | undefined): string {
  try {
    const { functionName, qualifier } = parseFunctionReference(reference, scope, asked);
    return ["function", functionName, qualifier].filter((part) => part !== undefined).join(" ");
  } catch (error) {
    return error instanceof PaddockError ? error.code : `no error of ours: ${String(error)}`;
  }
}

describe("parseFunctionReference", () => {
  it("reads a name, a partial ARN and an ARN alike, with and without a qualifier", () => {
    const forms = fc.constantFrom(
      (functionName: string) => functionName,
      (functionName: string) => `${scope.accountId}:function:${functionName}`,
      (functionName: string) => functionArn(scope, functionName),
    );
    fc.assert(
      fc.property(
        name,
        forms,
        fc.option(qualifier, { nil: undefined }),
        (functionName, form, q) => {
          const reference = q === undefined ? form(functionName) : `${form(functionName)}:${q}`;
          const expected = q === undefined ? { functionName } : { functionName, qualifier: q };
          expect(parseFunctionReference(reference, scope)).toEqual(expected);
          expect(parseFunctionReference(reference, scope, q)).toEqual(expected);
        },
      ),
    );
  });

  it("answers any text with a reference of the grammar or with an error of the catalogue", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.stringMatching(/^[a-z:$.*>\s-]{0,40}$/),
    );
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), (reference, asked) => {
        expect(outcome(reference, asked)).toMatch(
          /^(function [a-zA-Z0-9-_]{1,64}( [a-zA-Z0-9-_$.]{1,256})?|[A-Za-z]+Exception)$/,
        );
      }),
    );
  });

  it("takes a name that looks like a region for a name", () => {
    expect(parseFunctionReference("us-east-1:live", scope)).toEqual({
      functionName: "us-east-1",
      qualifier: "live",
    });
  });

  it("takes an empty Qualifier parameter for none", () => {
    expect(parseFunctionReference("hello", scope, "")).toEqual({ functionName: "hello" });
  });

  it("refuses what does not fit AWS's pattern, in AWS's words", () => {
    expect(refusal(() => parseFunctionReference("he llo", scope))).toEqual({
      code: "ValidationException",
      message:
        "1 validation error detected: Value 'he llo' at 'functionName' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?" +
        "([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?" +
        "([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?",
    });
    for (const reference of [
      "",
      "hello:",
      "a:b:c",
      "arn:aws:lambda:us-east-1:000000000000:function",
    ]) {
      const { code } = refusal(() => parseFunctionReference(reference, scope));
      expect([reference, code]).toEqual([reference, "ValidationException"]);
    }
  });

  it("refuses a name of more than 64 characters", () => {
    const long = "a".repeat(65);
    expect(refusal(() => parseFunctionReference(long, scope)).message).toBe(
      `1 validation error detected: Value '${long}' at 'functionName' failed to satisfy constraint: ` +
        "Member must have length less than or equal to 64",
    );
  });

  it("refuses a qualifier that is none", () => {
    expect(refusal(() => parseFunctionReference("hello", scope, "a b")).message).toContain(
      "Value 'a b' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression",
    );
    expect(
      refusal(() => parseFunctionReference("hello", scope, "q".repeat(129))).message,
    ).toContain("Member must have length less than or equal to 128");
  });

  it("refuses two qualifiers that differ", () => {
    expect(refusal(() => parseFunctionReference("hello:1", scope, "2"))).toEqual({
      code: "InvalidParameterValueException",
      message:
        "The derived qualifier from the function name does not match the specified qualifier.",
    });
  });

  it("does not reach into another region", () => {
    const arn = functionArn({ ...scope, region: "eu-west-1" }, "hello");
    expect(refusal(() => parseFunctionReference(arn, scope))).toEqual({
      code: "ResourceNotFoundException",
      message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    });
  });

  it("does not reach into another account", () => {
    const arn = functionArn({ ...scope, accountId: "999999999999" }, "hello");
    const principalArn = "arn:aws:iam::000000000000:root";
    const action = "lambda:InvokeFunction";
    const options = { principalArn, action };
    expect(refusal(() => parseFunctionReference(arn, scope, undefined, options))).toEqual({
      code: "AccessDeniedException",
      message:
        `User: ${principalArn} is not authorized to perform: ${action} on resource: ${arn} ` +
        `because no resource-based policy allows the ${action} action`,
    });
  });

  it("knows that no function has a dot in its name, though the grammar allows one", () => {
    expect(refusal(() => parseFunctionReference("team.hello", scope, "1"))).toEqual({
      code: "ResourceNotFoundException",
      message: `Function not found: ${functionArn(scope, "team.hello", "1")}`,
    });
    const plain = refusal(() =>
      parseFunctionReference("team.hello", scope, undefined, { form: "plain" }),
    );
    expect(plain.code).toBe("ValidationException");
  });
});
