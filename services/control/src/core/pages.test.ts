import { describe, expect, it } from "vitest";
import { fromMarker, pageSize, toMarker, toPage } from "./pages.ts";
import { decodeZip } from "./zip-file.ts";

describe("pages", () => {
  it("hand out markers that lead back to where they ended", () => {
    const position = { functionName: "a-function", versionNumber: 12 };
    expect(fromMarker(toMarker(position))).toEqual(position);
    expect(fromMarker(undefined)).toBeUndefined();
    expect(() => fromMarker("not a marker")).toThrow("Invalid Marker.");
  });

  it("hold 50 at the most, whatever is asked for", () => {
    expect([pageSize(undefined), pageSize("3"), pageSize("10000")]).toEqual([50, 3, 50]);
    expect(() => pageSize("10001")).toThrow("Member must have value less than or equal to 10000");
    expect(() => pageSize("x")).toThrow("STRING_VALUE can not be converted to an Integer");
  });

  it("have a marker only when more follows", () => {
    const entries = [1, 2, 3].map((versionNumber) => ({ functionName: "f", versionNumber }));
    expect(toPage(entries, 3)).toEqual({ shown: entries, nextMarker: undefined });
    const { shown, nextMarker } = toPage(entries, 2);
    expect(shown).toHaveLength(2);
    expect(fromMarker(nextMarker)).toEqual({ functionName: "f", versionNumber: 2 });
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
