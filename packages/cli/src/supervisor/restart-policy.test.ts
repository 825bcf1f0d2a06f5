import { describe, expect, it } from "vitest";
import { cliLimits } from "../limits.ts";
import { neverDied, nextRestart } from "./restart-policy.ts";

function delaysOf(lives: readonly number[]): number[] {
  let state = neverDied;
  return lives.map((livedMs) => {
    const next = nextRestart(state, livedMs);
    state = next.state;
    return next.delayMs;
  });
}

describe("the pause before a process is started again", () => {
  it("doubles while the process dies young", () => {
    expect(delaysOf([0, 0, 0, 0])).toEqual([100, 200, 400, 800]);
  });

  it("never grows beyond its bound, however often the process dies", () => {
    const delays = delaysOf(Array.from({ length: 2000 }, () => 0));
    expect(Math.max(...delays)).toBe(cliLimits.restartLongestDelayMs);
    expect(delays.every(Number.isFinite)).toBe(true);
  });

  it("starts from the beginning after a long life", () => {
    expect(delaysOf([0, 0, cliLimits.restartForgetAfterMs, 0])).toEqual([100, 200, 100, 200]);
  });
});
