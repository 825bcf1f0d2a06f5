import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelLimits } from "../limits.ts";
import { fixedWindows, learnedWindows } from "./idle-windows.ts";
import { type AttemptHistory, type KeepAlivePolicy, simulateKeepAlive } from "./simulate.ts";

const minuteMs = 60_000;
const fixed = (minutes: number): KeepAlivePolicy => ({
  name: `${minutes} min`,
  windows: () => fixedWindows(minutes * minuteMs),
});
const never = fixed(Infinity);
const learning: KeepAlivePolicy = {
  name: "histogram",
  windows: (histogram) => learnedWindows(histogram) ?? fixedWindows(10 * minuteMs),
};

interface Attempt {
  readonly startMs: number;
  readonly durationMs: number;
}

function historyOf(attempts: readonly Attempt[], memoryMb = 1024): AttemptHistory {
  const sorted = attempts.toSorted((a, b) => a.startMs - b.startMs);
  return {
    startsMs: Float64Array.from(sorted, ({ startMs }) => startMs),
    endsMs: Float64Array.from(sorted, ({ startMs, durationMs }) => startMs + durationMs),
    memoryMb: Float64Array.from(sorted, () => memoryMb),
  };
}

/** Every `minutes`, of one second each. */
const regular = (count: number, minutes: number): AttemptHistory =>
  historyOf(
    Array.from({ length: count }, (_, index) => ({
      startMs: index * minutes * minuteMs,
      durationMs: 1000,
    })),
  );

const attempts = fc.array(
  fc.record({
    startMs: fc.nat({ max: 200 * minuteMs }),
    durationMs: fc.oneof(fc.constant(0), fc.nat({ max: 15 * minuteMs })),
  }),
  { maxLength: 60 },
);

/** The same by hand for a fixed time: one object for each environment, looked at one by one. */
function replayPlainly(history: AttemptHistory, keepMs: number, untilMs: number) {
  const environments: { freeAtMs: number; endedAtMs: number | undefined }[] = [];
  let [coldStarts, idleMs] = [0, 0];
  for (const [index, startMs] of history.startsMs.entries()) {
    const free = environments
      .filter(({ freeAtMs, endedAtMs }) => endedAtMs === undefined && freeAtMs <= startMs)
      .toSorted((a, b) => b.freeAtMs - a.freeAtMs);
    for (const each of free) {
      if (startMs - each.freeAtMs > keepMs) {
        each.endedAtMs = each.freeAtMs + keepMs;
        idleMs += keepMs;
      }
    }
    const used = free.find(({ endedAtMs }) => endedAtMs === undefined);
    const freeAtMs = history.endsMs[index] ?? 0;
    if (used === undefined) {
      coldStarts += 1;
      environments.push({ freeAtMs, endedAtMs: undefined });
    } else {
      idleMs += startMs - used.freeAtMs;
      used.freeAtMs = freeAtMs;
    }
  }
  for (const { freeAtMs, endedAtMs } of environments) {
    if (endedAtMs === undefined) idleMs += Math.max(0, Math.min(keepMs, untilMs - freeAtMs));
  }
  return { coldStarts, idleGbSeconds: idleMs / 1000 };
}

describe("a replay", () => {
  it("of a fixed time-out comes out as when each environment is followed by hand", () => {
    fc.assert(
      fc.property(attempts, fc.integer({ min: 1, max: 40 }), (all, minutes) => {
        const history = historyOf(all);
        const untilMs = 300 * minuteMs;
        const [outcome] = simulateKeepAlive(history, [fixed(minutes)], untilMs);
        const plain = replayPlainly(history, minutes * minuteMs, untilMs);
        expect(outcome?.coldStarts).toBe(plain.coldStarts);
        expect(outcome?.idleGbSeconds).toBeCloseTo(plain.idleGbSeconds, 6);
      }),
    );
  });

  it("has fewer cold starts and holds more memory the longer environments are kept", () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const policies = [fixed(1), fixed(5), fixed(10), fixed(30), never];
        const outcomes = simulateKeepAlive(historyOf(all), policies, 300 * minuteMs);
        const cold = outcomes.map(({ coldStarts }) => coldStarts);
        const memory = outcomes.map(({ idleGbSeconds }) => idleGbSeconds);
        expect(cold).toEqual(cold.toSorted((a, b) => b - a));
        expect(memory).toEqual(memory.toSorted((a, b) => a - b));
      }),
    );
  });

  it("never evicting starts as many environments as ran at once", () => {
    const overlapping = Array.from({ length: 7 }, (_, index) => ({
      startMs: index,
      durationMs: 1000,
    }));
    const later = { startMs: 100 * minuteMs, durationMs: 10 };
    const [outcome] = simulateKeepAlive(historyOf([...overlapping, later]), [never], 1e9);
    expect(outcome?.coldStarts).toBe(7);
  });

  it("of a regular function: the histogram learns to be there when it is called", () => {
    const untilMs = 200 * 20 * minuteMs;
    const [ten, learned, all] = simulateKeepAlive(
      regular(200, 20),
      [fixed(10), learning, never],
      untilMs,
    );
    expect(ten?.coldStarts).toBe(200);
    expect(learned?.coldStarts).toBeLessThanOrEqual(modelLimits.idleSamplesMin + 1);
    expect(learned?.preWarmed).toBeGreaterThanOrEqual(200 - modelLimits.idleSamplesMin - 1);
    expect(learned?.idleGbSeconds).toBeLessThan((all?.idleGbSeconds ?? 0) / 3);
    expect(learned?.idleGbSeconds).toBeLessThan(ten?.idleGbSeconds ?? 0);
  });

  it("of a function that is always busy: the histogram keeps what is left over for a minute", () => {
    const busy = historyOf(
      Array.from({ length: 5000 }, (_, index) => ({ startMs: index * 100, durationMs: 50 })),
    );
    const untilMs = 60 * minuteMs;
    const [learned, thirty] = simulateKeepAlive(busy, [learning, fixed(30)], untilMs);
    expect(learned?.coldStarts).toBe(1);
    expect(learned?.idleGbSeconds).toBeLessThan((thirty?.idleGbSeconds ?? 0) / 3);
  });

  it("charges an environment that was made ahead and not used", () => {
    const history = regular(100, 20);
    const lastEndMs = 99 * 20 * minuteMs + 1000;
    const [soon] = simulateKeepAlive(history, [learning], lastEndMs + 10 * minuteMs);
    const [late] = simulateKeepAlive(history, [learning], lastEndMs + 120 * minuteMs);
    expect((late?.preWarmed ?? 0) - (soon?.preWarmed ?? 0)).toBe(1);
    expect(late?.idleGbSeconds).toBeGreaterThan(soon?.idleGbSeconds ?? 0);
  });

  it("of nothing is nothing", () => {
    expect(simulateKeepAlive(historyOf([]), [never], 0)).toEqual([
      { policy: "Infinity min", coldStarts: 0, preWarmed: 0, idleGbSeconds: 0 },
    ]);
  });
});
