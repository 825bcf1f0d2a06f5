import { describe, expect, it } from "vitest";
import { limits } from "../limits.ts";
import { retryPauseMs } from "./retry-pause.ts";

describe("the pause before a message comes again", () => {
  it("doubles with each redelivery", () => {
    expect([0, 1, 2].map(retryPauseMs)).toEqual([250, 500, 1000]);
  });

  it("never exceeds its bound, however long the database is away", () => {
    expect(retryPauseMs(10_000)).toBe(limits.retryLongestMs);
  });
});
