import { describe, expect, it } from "vitest";
import { fromMarker, pageSize, positionFrom, positionKey, toMarker, toPage } from "./pages.ts";
import { decodeZip } from "./zip-file.ts";

describe("pages", () => {
  it("hand out markers that lead back to where they ended", () => {
    const position = { functionName: "a-function", versionNumber: 12 };
    expect(positionFrom(toMarker(positionKey(position)))).toEqual(position);
    expect(fromMarker(toMarker("an-alias"))).toBe("an-alias");
    expect(fromMarker(undefined)).toBeUndefined();
    expect(() => fromMarker("not a marker")).toThrow("Invalid Marker.");
    expect(() => positionFrom(toMarker("an-alias"))).toThrow("Invalid Marker.");
  });

  it("hold 50 at the most, whatever is asked for", () => {
    expect([pageSize(undefined), pageSize(3), pageSize(10_000)]).toEqual([50, 3, 50]);
  });

  it("have a marker only when more follows", () => {
    const entries = ["a", "b", "c"];
    const keyOf = (entry: string) => entry;
    expect(toPage(entries, 3, keyOf)).toEqual({ shown: entries, next: {} });
    expect(toPage(entries, 2, keyOf)).toEqual({
      shown: ["a", "b"],
      next: { NextMarker: toMarker("b") },
    });
  });
});

describe("a ZipFile", () => {
  it("is base64 with or without padding, and nothing else", () => {
    for (const text of ["", "a", "ab", "abc", "abcd"]) {
      const base64 = Buffer.from(text).toString("base64");
      expect(Buffer.from(decodeZip(base64)).toString()).toBe(text);
      expect(Buffer.from(decodeZip(base64.replaceAll("=", ""))).toString()).toBe(text);
    }
    expect(() => decodeZip("no base64!")).toThrow("not valid base64");
  });
});
