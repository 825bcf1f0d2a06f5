import type { IdleHistory } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { KeepAlive } from "./keep-alive.ts";

const minuteMs = 60_000;
const name = { functionName: "f", version: "$LATEST" };
const called = (everyMinutes: number): IdleHistory => ({
  ...name,
  bins: [[everyMinutes, 20]],
  outOfBounds: 0,
  agedAtMs: 0,
});

describe("an idle environment is kept", () => {
  it("for the fixed time as long as nothing is known of its function, or that policy is asked for", () => {
    const learning = new KeepAlive({ policy: "histogram", timeoutMs: 5000 });
    expect(learning.keptMs(name, true)).toBe(5000);
    const fixed = new KeepAlive({ policy: "fixed", timeoutMs: 5000 });
    fixed.learn(name, called(0));
    expect(fixed.keptMs(name, true)).toBe(5000);
  });

  it("as its function's idle times say, until they are forgotten", () => {
    const learning = new KeepAlive({ policy: "histogram", timeoutMs: 5000 });
    learning.learn(name, called(5));
    expect(learning.keptMs(name, true)).toBe(minuteMs);
    expect(learning.keptMs(name, false)).toBeCloseTo((6 * 1.1 - 4.5) * minuteMs);
    expect(learning.keptMs({ ...name, version: "1" }, true)).toBe(5000);
    learning.learn(name, called(0));
    expect(learning.keptMs(name, true)).toBe(1.1 * minuteMs);
    learning.learn(name, undefined);
    expect(learning.keptMs(name, true)).toBe(5000);
  });

  it("rather than another one that is less likely to be used soon, whatever the policy", () => {
    const fixed = new KeepAlive({ policy: "fixed", timeoutMs: 5000 });
    fixed.learn(name, called(30));
    const figures = { idleForMs: 25 * minuteMs, startMs: 100, memoryMb: 128 };
    const unknown = { functionName: "g", version: "$LATEST" };
    expect(fixed.value(name, figures)).toBeGreaterThan(fixed.value(unknown, figures));
    const passed = { ...figures, idleForMs: 40 * minuteMs };
    expect(fixed.value(name, passed)).toBeLessThan(fixed.value(name, figures));
  });
});
