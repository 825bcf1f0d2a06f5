import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { billedDurationMs, ephemeralStorageGbSeconds, gbSeconds } from "./billing.ts";
import { listPrice, prices } from "./prices.ts";

const ms = fc.double({ min: 0, max: 910_000, noNaN: true });

describe("billedDurationMs", () => {
  it.each([
    [250.06, 100.77, 351],
    [3016.78, 84, 3101],
    [133.61, 80, 214],
    [2.9, 0, 3],
    [28.119, 0, 29],
    [0, 0, 1],
  ])(
    "bills %d ms with %d ms of init as AWS's recordings do: %d ms",
    (durationMs, initMs, billed) => {
      expect(billedDurationMs({ durationMs, initMs })).toBe(billed);
    },
  );

  it("does not bill a millisecond for the noise of subtracting clock readings", () => {
    expect(billedDurationMs({ durationMs: 3.000_000_000_4, initMs: 0 })).toBe(3);
    expect(billedDurationMs({ durationMs: 3.000_001, initMs: 0 })).toBe(4);
  });

  it("is a whole number, at least 1, at least and less than 1 ms above what was measured", () => {
    fc.assert(
      fc.property(ms, ms, (durationMs, initMs) => {
        const billed = billedDurationMs({ durationMs, initMs });
        expect(Number.isInteger(billed)).toBe(true);
        expect(billed).toBeGreaterThanOrEqual(1);
        expect(billed).toBeGreaterThan(durationMs + initMs - 1e-5);
        expect(billed).toBeLessThan(Math.max(durationMs + initMs, 0.5) + 1);
      }),
    );
  });

  it("never falls when the duration grows", () => {
    fc.assert(
      fc.property(ms, ms, ms, (one, other, initMs) => {
        const billed = (durationMs: number) => billedDurationMs({ durationMs, initMs });
        expect(billed(Math.max(one, other))).toBeGreaterThanOrEqual(billed(Math.min(one, other)));
      }),
    );
  });
});

describe("gbSeconds", () => {
  it("counts 1,024 MB for a second as one", () => {
    expect(gbSeconds({ memoryMb: 1024, billedMs: 1000 })).toBe(1);
    expect(gbSeconds({ memoryMb: 128, billedMs: 8000 })).toBe(1);
  });

  it("counts /tmp beyond 512 MB only", () => {
    expect(ephemeralStorageGbSeconds({ ephemeralStorageMb: 512, billedMs: 5000 })).toBe(0);
    expect(ephemeralStorageGbSeconds({ ephemeralStorageMb: 1536, billedMs: 2000 })).toBe(2);
  });
});

describe("listPrice", () => {
  it("charges a million requests of 128 MB and 100 ms on x86 as AWS's page does", () => {
    const price = listPrice({ requests: 1e6, gbSeconds: { x86_64: 12_500 } });
    expect(price.requestsUsd).toBeCloseTo(0.2, 10);
    expect(price.durationUsd).toBeCloseTo(0.20833375, 8);
    expect(price.totalUsd).toBeCloseTo(0.40833375, 8);
  });

  it("fills the tiers one after the other", () => {
    const { durationUsd } = listPrice({ requests: 0, gbSeconds: { x86_64: 16e9 } });
    expect(durationUsd).toBeCloseTo(6e9 * 0.0000166667 + 9e9 * 0.000015 + 1e9 * 0.0000133334, 2);
  });

  it("charges arm64 less than x86", () => {
    const x86 = listPrice({ requests: 0, gbSeconds: { x86_64: 100 } });
    const arm = listPrice({ requests: 0, gbSeconds: { arm64: 100 } });
    expect(arm.totalUsd).toBeLessThan(x86.totalUsd);
  });

  it("never falls when usage grows", () => {
    const usage = fc.double({ min: 0, max: 4e10, noNaN: true });
    fc.assert(
      fc.property(usage, usage, (one, other) => {
        const usd = (x86_64: number) => listPrice({ requests: 0, gbSeconds: { x86_64 } }).totalUsd;
        expect(usd(Math.max(one, other))).toBeGreaterThanOrEqual(usd(Math.min(one, other)));
      }),
    );
  });

  it("has tiers in order, the last without an end", () => {
    for (const tiers of Object.values(prices.duration)) {
      const ends = tiers.map(({ upToGbSeconds }) => upToGbSeconds);
      expect(ends).toEqual(ends.toSorted((one, other) => one - other));
      expect(ends.at(-1)).toBe(Infinity);
    }
  });
});
