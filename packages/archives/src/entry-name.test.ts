import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkStaysInside, splitName } from "./entry-name.ts";

describe("an entry's name", () => {
  it("loses what means nothing", () => {
    expect(splitName("./a//b/./c.js")).toEqual({ path: ["a", "b", "c.js"] });
  });

  it.each(["../a", "a/../../b", "a/..", "/etc/passwd", "C:/a", "a\\b", "a\0b", "x".repeat(256)])(
    "is refused when it could lead elsewhere: %j",
    (name) => {
      expect(splitName(name)).toHaveProperty("refused");
    },
  );

  it("is refused when it is too deep or too long", () => {
    expect(splitName("a/".repeat(129))).toHaveProperty("refused");
    expect(splitName("a/".repeat(3000))).toHaveProperty("refused");
  });
});

describe("a link", () => {
  it.each([
    [["a"], "b", true],
    [["a"], "../b", true],
    [["a"], "..", true],
    [[], "../b", false],
    [["a"], "../../b", false],
    [["a"], "/b", false],
    [["a"], "", false],
    // Safe only as long as d is no link to the root.
    [[], "d/../x", false],
  ])("in %j to %j stays inside: %j", (from, target, inside) => {
    expect(linkStaysInside(from, target)).toBe(inside);
  });

  it("that is kept never resolves to something outside", () => {
    const component = fc.constantFrom("a", "b", "..", ".", "");
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b"), { maxLength: 4 }),
        fc.array(component, { minLength: 1, maxLength: 8 }),
        (from, components) => {
          const target = components.join("/");
          if (!linkStaysInside(from, target)) return;
          const resolved = posix.join("/root", ...from, target);
          expect(`${resolved}/`.startsWith("/root/")).toBe(true);
        },
      ),
    );
  });
});
