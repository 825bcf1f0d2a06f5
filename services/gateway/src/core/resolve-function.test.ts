import { type FunctionRecord, PaddockError, type VersionRecord } from "@paddock/contracts";
import { functionRecord, versionRecord } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { resolveFunction } from "./resolve-function.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";

function resolve(
  reference: string,
  qualifier?: string,
  overrides: { function?: Partial<FunctionRecord>; version?: Partial<VersionRecord> } = {},
  random = 0.5,
): string {
  const record = functionRecord("hello", {
    aliases: {
      live: { version: "1", additionalVersionWeights: { "2": 0.25 } },
      gone: { version: "9", additionalVersionWeights: {} },
    },
    ...overrides.function,
  });
  const known = ["$LATEST", "1", "2"];
  const functions = {
    getFunction: (name: string) => (name === "hello" ? record : undefined),
    getVersion: (name: string, version: string) =>
      name === "hello" && known.includes(version)
        ? versionRecord("hello", { version, ...overrides.version })
        : undefined,
  };
  try {
    const resolved = resolveFunction(
      { reference, qualifier },
      {
        functions,
        scope: { region: "us-east-1", accountId: "000000000000" },
        principalArn: "arn:aws:iam::000000000000:root",
        random: () => random,
      },
    );
    return `${resolved.version.version} as ${resolved.invokedFunctionArn}`;
  } catch (error) {
    return error instanceof PaddockError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe("resolveFunction", () => {
  it("runs $LATEST where no qualifier is given", () => {
    expect(resolve("hello")).toBe(`$LATEST as ${arn}`);
    expect(resolve(arn)).toBe(`$LATEST as ${arn}`);
    expect(resolve("hello", "$LATEST")).toBe(`$LATEST as ${arn}:$LATEST`);
  });

  it("follows a version and an alias, and draws between an alias's two versions", () => {
    expect(resolve("hello:2")).toBe(`2 as ${arn}:2`);
    expect(resolve("000000000000:function:hello", "live")).toBe(`1 as ${arn}:live`);
    expect(resolve("hello", "live", {}, 0.1)).toBe(`2 as ${arn}:live`);
  });

  it("names what is not found as AWS does, with the qualifier where one was given", () => {
    const missing = "ResourceNotFoundException: Function not found: ";
    expect(resolve("other")).toBe(`${missing}${arn.replace("hello", "other")}`);
    expect(resolve("hello", "7")).toBe(`${missing}${arn}:7`);
    expect(resolve("hello", "nope")).toBe(`${missing}${arn}:nope`);
    expect(resolve("hello", "gone")).toBe(`${missing}${arn}:gone`);
  });

  it("refuses two qualifiers that differ", () => {
    expect(resolve("hello:1", "2")).toContain(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  });

  it.each([
    ["Pending", "ResourceConflictException"],
    ["Failed", "ResourceConflictException"],
    ["Inactive", "ResourceNotReadyException"],
  ] as const)("does not run a function that is %s", (state, code) => {
    expect(resolve("hello", undefined, { version: { state } })).toBe(
      `${code}: The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
    );
  });
});
