import { describe, expect, it } from "vitest";
import { Quota } from "./quota.ts";

describe("what one sandbox may have in progress", () => {
  it("is bounded, and leaves the others theirs", () => {
    const quota = new Quota(2, 10);
    expect([quota.enter("a"), quota.enter("a"), quota.enter("a")]).toEqual([true, true, false]);
    expect(quota.enter("b")).toBe(true);
    quota.leave("a");
    expect([quota.enter("a"), quota.enter("a")]).toEqual([true, false]);
  });

  it("is bounded for all together", () => {
    const quota = new Quota(2, 3);
    expect(["a", "a", "b", "b"].map((who) => quota.enter(who))).toEqual([true, true, true, false]);
    quota.leave("b");
    expect(quota.enter("c")).toBe(true);
  });
});
