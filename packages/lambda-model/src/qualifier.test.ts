import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invokedArn } from "./arn.ts";
import { resolveQualifier } from "./qualifier.ts";

const record = {
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
  aliases: {
    live: { version: "1", additionalVersionWeights: { "2": 0.25 } },
    stable: { version: "3", additionalVersionWeights: {} },
  },
};

describe("resolveQualifier", () => {
  it("leads to $LATEST without a qualifier", () => {
    expect(resolveQualifier(record, undefined, () => 0)).toBe("$LATEST");
    expect(resolveQualifier(record, "$LATEST", () => 0)).toBe("$LATEST");
  });

  it("takes a number for the version of that number", () => {
    expect(resolveQualifier(record, "17", () => 0)).toBe("17");
  });

  it("gives an alias's second version its share of the draws", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (drawn) => {
        expect(resolveQualifier(record, "live", () => drawn)).toBe(drawn < 0.25 ? "2" : "1");
        expect(resolveQualifier(record, "stable", () => drawn)).toBe("3");
      }),
    );
  });

  it("knows no alias by the name of an object's own method", () => {
    expect(resolveQualifier(record, "constructor", () => 0)).toBeUndefined();
    expect(resolveQualifier(record, "nobody", () => 0)).toBeUndefined();
  });
});

describe("invokedArn", () => {
  it("is the ARN by which the caller addressed the function", () => {
    expect(invokedArn(record, undefined)).toBe(record.functionArn);
    expect(invokedArn(record, "live")).toBe(`${record.functionArn}:live`);
  });
});
