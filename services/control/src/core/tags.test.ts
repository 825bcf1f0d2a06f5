import { describe, expect, it } from "vitest";
import { checkTags, withoutTags, withTags } from "./tags.ts";

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));

describe("tags", () => {
  it("are added, replaced and taken away by their keys", () => {
    const tags = withTags({ a: "1", b: "2" }, { b: "3", c: "4" });
    expect(tags).toEqual({ a: "1", b: "3", c: "4" });
    expect(withoutTags(tags, ["a", "c", "unknown"])).toEqual({ b: "3" });
  });

  it("are fifty at the most, and adding none is a mistake", () => {
    expect(checkTags(many(50))).toEqual(many(50));
    expect(() => withTags(many(50), { more: "v" })).toThrow(
      "Number of tags exceeds resource tag limit.",
    );
    expect(() => withTags({}, {})).toThrow(
      "An error occurred and the request cannot be processed.",
    );
  });
});
