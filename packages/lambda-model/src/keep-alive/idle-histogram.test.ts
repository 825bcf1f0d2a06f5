import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelLimits } from "../limits.ts";
import { IdleHistogram } from "./idle-histogram.ts";
import { fixedWindows, idleLimitMs, learnedWindows } from "./idle-windows.ts";
import { keepingValue, reuseProbability } from "./keeping-value.ts";

const minuteMs = modelLimits.idleBinMs;
const dayMs = 86_400_000;
const rangeMs = modelLimits.idleBins * minuteMs;

function histogramOf(idleMs: readonly number[]): IdleHistogram {
  const histogram = new IdleHistogram(0);
  for (const each of idleMs) histogram.add(each);
  return histogram;
}
const times = (count: number, minutes: number): number[] =>
  Array.from({ length: count }, () => minutes * minuteMs);

const idleTimes = fc.array(fc.nat({ max: rangeMs * 1.2 }), { maxLength: 80 });

describe("an idle histogram", () => {
  it("is the same whatever the order of its samples, and as it was after being stored", () => {
    fc.assert(
      fc.property(idleTimes, (samples) => {
        const stored = histogramOf(samples).toStored();
        expect(histogramOf(samples.toReversed()).toStored()).toEqual(stored);
        expect(IdleHistogram.from(stored).toStored()).toEqual(stored);
        expect(IdleHistogram.from(stored).samples).toBeCloseTo(samples.length);
      }),
    );
  });

  it("has at least the asked share of samples below the edge of the bin that it names", () => {
    fc.assert(
      fc.property(idleTimes, fc.double({ min: 0.01, max: 1, noNaN: true }), (samples, share) => {
        const bin = histogramOf(samples).binOfShare(share);
        const edgeMs = bin === undefined ? Infinity : (bin + 1) * minuteMs;
        const below = samples.filter((sample) => sample < edgeMs).length;
        expect(below).toBeGreaterThanOrEqual(share * samples.length - 1e-9);
        const belowBin = samples.filter((sample) => sample < edgeMs - minuteMs).length;
        if (bin !== undefined) expect(belowBin).toBeLessThan(share * samples.length + 1e-9);
      }),
    );
  });

  it("keeps its shape as it ages, and forgets in the end", () => {
    const histogram = histogramOf([...times(8, 3), ...times(2, 300)]);
    const variation = histogram.variation();
    histogram.ageTo(modelLimits.idleHalfLifeMs);
    expect(histogram.samples).toBeCloseTo(5);
    expect(histogram.variation()).toBeCloseTo(variation);
    expect(histogram.outOfBoundsShare).toBeCloseTo(0.2);
    histogram.ageTo(400 * dayMs);
    expect(histogram.toStored()).toMatchObject({ bins: [], outOfBounds: 0 });
    expect([histogram.samples, histogram.variation()]).toEqual([0, 0]);
  });

  it("stays small: a bin for each minute at the most", () => {
    const everywhere = Array.from({ length: 10_000 }, (_, index) => index * 7919);
    const { bins } = histogramOf(everywhere.map((ms) => ms % (2 * rangeMs))).toStored();
    expect(bins.length).toBeLessThanOrEqual(modelLimits.idleBins);
  });
});

describe("the windows of a function", () => {
  it("that is called every half hour leave a gap, and open shortly before it is due", () => {
    expect(learnedWindows(histogramOf(times(20, 30)))).toEqual({
      preWarmAfterMs: 27 * minuteMs,
      keepUntilMs: 34.1 * minuteMs,
    });
  });

  it("that is called all the time have no gap, and close soon", () => {
    const windows = learnedWindows(histogramOf(times(1000, 0)));
    expect(windows).toEqual({ preWarmAfterMs: 0, keepUntilMs: 1.1 * minuteMs });
  });

  it("have no gap that is too short to be worth a start", () => {
    expect(learnedWindows(histogramOf(times(20, 2)))?.preWarmAfterMs).toBe(0);
    expect(learnedWindows(histogramOf(times(20, 3)))?.preWarmAfterMs).toBeGreaterThan(0);
  });

  it.each([
    ["too few times", times(modelLimits.idleSamplesMin - 1, 30)],
    ["mostly after more than four hours", [...times(10, 30), ...times(11, 300)]],
    ["at all kinds of times", Array.from({ length: 240 }, (_, minute) => minute * minuteMs)],
  ])("that was called %s are not known", (_why, samples) => {
    expect(learnedWindows(histogramOf(samples))).toBeUndefined();
  });

  it("hold what was seen: nearly all idle times end while an environment is there", () => {
    const centre = fc.integer({ min: 0, max: 200 });
    const spread = fc.integer({ min: 1, max: 10 });
    fc.assert(
      fc.property(centre, spread, fc.array(fc.nat(), { minLength: 20 }), (from, width, seeds) => {
        const samples = seeds.map((seed) => (from + (seed % width)) * minuteMs);
        const windows = learnedWindows(histogramOf(samples));
        if (windows === undefined) throw new Error("ten bins of 240 are alike");
        expect(windows.keepUntilMs).toBeGreaterThan(windows.preWarmAfterMs);
        const met = samples.filter(
          (sample) => sample >= windows.preWarmAfterMs && sample <= windows.keepUntilMs,
        );
        expect(met.length / samples.length).toBeGreaterThanOrEqual(0.94);
      }),
    );
  });

  it("say how long one environment may be idle", () => {
    const gap = { preWarmAfterMs: 27 * minuteMs, keepUntilMs: 34 * minuteMs };
    expect(idleLimitMs(gap, false)).toBe(modelLimits.idleLingerMs);
    expect(idleLimitMs(gap, true)).toBe(7 * minuteMs);
    expect(idleLimitMs(fixedWindows(5000), false)).toBe(5000);
  });
});

describe("the chance that an idle environment is used soon", () => {
  it("is one, grows with the time that is given, and is never certain", () => {
    const ms = fc.nat({ max: rangeMs });
    fc.assert(
      fc.property(idleTimes, ms, ms, ms, (samples, idleForMs, withinMs, moreMs) => {
        const histogram = histogramOf(samples);
        const soon = reuseProbability(histogram, idleForMs, withinMs);
        const later = reuseProbability(histogram, idleForMs, withinMs + moreMs);
        expect(soon).toBeGreaterThanOrEqual(0);
        expect(later).toBeLessThanOrEqual(1 + 1e-9);
        expect(later).toBeGreaterThanOrEqual(soon - 1e-9);
      }),
    );
  });

  it("falls with the time already idle where nothing is known", () => {
    const chances = [0, 1, 10, 100].map((minutes) =>
      reuseProbability(undefined, minutes * minuteMs),
    );
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
    expect(new Set(chances).size).toBe(chances.length);
  });

  it("is high shortly before a regular call and low after it has passed", () => {
    const hourly = histogramOf(times(50, 60));
    const at = (minutes: number): number => reuseProbability(hourly, minutes * minuteMs);
    expect(at(55)).toBeGreaterThan(at(30));
    expect(at(55)).toBeGreaterThan(at(65));
  });
});

describe("what an idle environment is worth", () => {
  const plain = { idleForMs: minuteMs, startMs: 200, memoryMb: 128, histogram: undefined };

  it("grows with the cold start that it saves, and falls with memory and idle time", () => {
    const value = keepingValue(plain);
    expect(keepingValue({ ...plain, startMs: 2000 })).toBeGreaterThan(value);
    expect(keepingValue({ ...plain, memoryMb: 1024 })).toBeLessThan(value);
    expect(keepingValue({ ...plain, idleForMs: 60 * minuteMs })).toBeLessThan(value);
    expect(keepingValue({ ...plain, startMs: 0 })).toBeGreaterThan(0);
  });
});
