import { functionRecord, versionRecord } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { resolveOnceKnown } from "./resolve-once-known.ts";

/** Functions of a bucket that become known when somebody asks for them. */
function arriving(inBucket: readonly string[]) {
  const known = new Set<string>();
  const asked: string[] = [];
  const functions = {
    getFunction: (name: string) => (known.has(name) ? functionRecord(name) : undefined),
    getVersion: (name: string, version: string) =>
      known.has(version === "$LATEST" ? name : `${name}:${version}`)
        ? versionRecord(name, { version })
        : undefined,
    async arrived(name: string, qualifier?: string) {
      const asking = qualifier === undefined ? name : `${name}:${qualifier}`;
      asked.push(asking);
      if (inBucket.includes(asking)) known.add(asking);
      return known.has(asking);
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

  it("and a version of it that was, is found once it has arrived", async () => {
    const { resolve, asked } = arriving(["new", "new:7"]);
    await resolve("new");
    expect((await resolve("new", "7")).version.version).toBe("7");
    await resolve("new", "7");
    await expect(resolve("new", "8")).rejects.toThrow("function:new:8");
    expect(asked).toEqual(["new", "new:7", "new:8"]);
  });
});
