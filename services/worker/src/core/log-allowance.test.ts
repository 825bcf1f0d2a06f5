import { describe, expect, it } from "vitest";
import { limits } from "../limits.ts";
import { LogAllowance } from "./log-allowance.ts";

describe("a function's allowance of log", () => {
  it("is a burst, then a rate", () => {
    const allowance = new LogAllowance(0);
    expect(allowance.take(limits.logBurstBytes, 0)).toBe(true);
    expect(allowance.take(1, 0)).toBe(false);
    expect(allowance.take(limits.logBytesPerSecond, 1000)).toBe(true);
    expect(allowance.take(1, 1000)).toBe(false);
  });

  it("never grows beyond the burst, and does not shrink when the clock is set back", () => {
    const allowance = new LogAllowance(1_000_000);
    expect(allowance.isWhole(9_000_000)).toBe(true);
    expect(allowance.take(limits.logBurstBytes + 1, 9_000_000)).toBe(false);
    expect(allowance.take(limits.logBurstBytes, 5_000_000)).toBe(true);
    expect(allowance.isWhole(5_000_001)).toBe(false);
  });
});
