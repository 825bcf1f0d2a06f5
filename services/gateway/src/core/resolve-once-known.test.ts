import { describe, expect, it } from "vitest";
import { functionRecord, versionRecord } from "../records.fixture.ts";
import { resolveOnceKnown } from "./resolve-once-known.ts";

/** Functions of a bucket that become known when somebody asks for them. */
function arriving(inBucket: readonly string[]) {
  const known = new Set<string>();
  const asked: string[] = [];
  const functions = {
    getFunction: (name: string) => (known.has(name) ? functionRecord(name) : undefined),
    getVersion: (name: string, version: string) =>
      known.has(name) && version === "$LATEST" ? versionRecord(name) : undefined,
    async arrived(name: string) {
      asked.push(name);
      if (inBucket.includes(name)) known.add(name);
      return known.has(name);
    },
  };
  const resolution = {
    functions,
    scope: { region: "us-east-1", accountId: "000000000000" },
    principalArn: "arn:aws:iam::000000000000:root",
    random: () => 0.5,
  };
  const resolve = (reference: string, qualifier?: string) =>
    resolveOnceKnown({ reference, qualifier }, resolution);
  return { resolve, asked };
}

describe("a function that was made a moment ago", () => {
  it("is found once it has arrived, and nobody asks for it again", async () => {
    const { resolve, asked } = arriving(["new"]);
    expect((await resolve("new")).functionName).toBe("new");
    expect((await resolve("new")).functionName).toBe("new");
    expect(asked).toEqual(["new"]);
  });

  it("is not found when the bucket has none", async () => {
    const { resolve } = arriving([]);
    await expect(resolve("none")).rejects.toThrow(
      "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none",
    );
  });

  it("is not asked for when only its qualifier is unknown", async () => {
    const { resolve, asked } = arriving(["new"]);
    await resolve("new");
    await expect(resolve("new", "7")).rejects.toThrow("function:new:7");
    expect(asked).toEqual(["new"]);
  });
});
