import { describe, expect, it } from "vitest";
import { cpusForMemory } from "./cpu.ts";
import { checkEnvironmentVariables } from "./environment-variables.ts";

describe("checkEnvironmentVariables", () => {
  it("takes ordinary variables, and those of the platform that may be overridden", () => {
    expect(() =>
      checkEnvironmentVariables({ STAGE: "prod", AWS_LAMBDA_LOG_LEVEL: "DEBUG" }),
    ).not.toThrow();
  });

  it("refuses reserved keys by name", () => {
    expect(() =>
      checkEnvironmentVariables({ AWS_REGION: "x", OK_KEY: "y", _HANDLER: "z" }),
    ).toThrow(
      "contains reserved keys that are currently not supported for modification. " +
        "Reserved keys used in this request: AWS_REGION, _HANDLER",
    );
  });

  it.each(["A", "1A", "A-B", "_A", ""])("refuses the key %j", (key) => {
    expect(() => checkEnvironmentVariables({ [key]: "x" })).toThrow(
      "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: " +
        "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: " +
        "[a-zA-Z]([a-zA-Z0-9_])+]",
    );
  });

  it("allows 4,096 bytes of compact JSON and not one more", () => {
    const filled = (bytes: number) => ({ AB: "x".repeat(bytes - '{"AB":""}'.length) });
    expect(() => checkEnvironmentVariables(filled(4096))).not.toThrow();
    expect(() => checkEnvironmentVariables(filled(4097))).toThrow(
      `you have provided exceeded the 4KB limit. String measured: {"AB":"xxx`,
    );
  });

  it("counts bytes, not characters", () => {
    expect(() => checkEnvironmentVariables({ AB: "ä".repeat(2048) })).toThrow("4KB limit");
  });
});

describe("cpusForMemory", () => {
  it("gives one CPU for 1,769 MB and never more than six", () => {
    expect([1769, 3538, 10_240].map(cpusForMemory)).toEqual([1, 2, 10_240 / 1769]);
    expect(cpusForMemory(20_000)).toBe(6);
  });
});
