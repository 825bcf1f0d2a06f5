import { describe, expect, it } from "vitest";
import { limits } from "../limits.ts";
import { Demand } from "./demand.ts";

const { prebootedDemandHalfLifeMs: halfLifeMs, prebootedDemandWindowMs: windowMs } = limits;

/** A demand that has seen a burst of so many at once, at time 0. */
function burst(count: number): Demand {
  const demand = new Demand();
  for (let taken = 0; taken < count; taken += 1) demand.took(0);
  return demand;
}

describe("what is wanted", () => {
  it("is nothing before anything was taken", () => {
    expect(new Demand().wanted(1_000_000)).toBe(0);
  });

  it("is as much as a burst took, and halves with each half-life", () => {
    const demand = burst(64);
    expect(demand.wanted(0)).toBe(64);
    expect(demand.wanted(halfLifeMs)).toBe(32);
    expect(demand.wanted(3 * halfLifeMs)).toBe(8);
    expect(demand.wanted(20 * halfLifeMs)).toBe(0);
  });

  it("is what steady use takes in one window, however long it lasts", () => {
    const demand = new Demand();
    for (let atMs = 0; atMs < 60 * windowMs; atMs += windowMs / 4) demand.took(atMs);
    expect(demand.wanted(60 * windowMs)).toBe(4);
  });

  it("is not lowered by less use after a burst before the burst is forgotten", () => {
    const demand = burst(64);
    demand.took(windowMs * 2);
    expect(demand.wanted(windowMs * 2)).toBeGreaterThan(32);
  });

  it("is bounded, whatever is taken", () => {
    expect(burst(10_000).wanted(0)).toBe(limits.prebootedDemandMax);
  });
});
