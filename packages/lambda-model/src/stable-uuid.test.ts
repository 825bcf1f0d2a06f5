import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stableUuid } from "./stable-uuid.ts";

describe("stableUuid", () => {
  it("is a UUID of version 8, the same for the same parts and another for others", () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.integer()));
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const uuid = stableUuid(...one);
        expect(uuid).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(stableUuid(...other) === uuid).toBe(same);
      }),
    );
  });

  it("does not let parts run into each other", () => {
    expect(stableUuid("ab", "c")).not.toBe(stableUuid("a", "bc"));
  });
});
