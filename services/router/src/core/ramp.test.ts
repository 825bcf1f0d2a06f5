/**
 * The ramp against simulated functions: what it is for is the number of environments that it ends
 * with, for functions that wait, that compute, and that answer at once.
 */
import { describe, expect, it } from "vitest";
import { routerLimits } from "../limits.ts";
import { Ramp } from "./ramp.ts";

const tickMs = routerLimits.dispatchTickMs;

interface Simulated {
  readonly backlog: number;
  readonly ticks: number;
  /** Jobs that `environments` of the function finish in a millisecond, together. */
  readonly pace: (environments: number) => number;
}

/** Environments after so many looks, each new one at work from the next look on. */
function simulate({ backlog, ticks, pace }: Simulated): number {
  const ramp = new Ramp();
  let environments = 0;
  let finished = 0;
  for (let tick = 0; tick < ticks && finished < backlog; tick += 1) {
    const ready = backlog - finished;
    const nowMs = tick * tickMs;
    const allowed = ramp.allowed({ nowMs, ready, finished: Math.floor(finished), environments });
    const granted = Math.min(allowed, Math.max(0, ready - environments));
    if (granted > 0) ramp.granted();
    finished = Math.min(backlog, finished + pace(environments) * tickMs);
    environments += granted;
  }
  return environments;
}

describe("the ramp of a queue's environments", () => {
  it("keeps giving environments to a function that waits", () => {
    const pace = (environments: number): number => environments / 5_000;
    expect(simulate({ backlog: 1_000, ticks: 40, pace })).toBeGreaterThan(800);
  });

  it("gives a function that has finished nothing yet more and more", () => {
    expect(simulate({ backlog: 500, ticks: 20, pace: () => 0 })).toBe(500);
  });

  it("stops where more environments finish no more together", () => {
    const pace = (environments: number): number => Math.min(environments * 0.4, 0.8);
    const environments = simulate({ backlog: 100_000, ticks: 400, pace });
    expect(environments).toBeGreaterThanOrEqual(2);
    expect(environments).toBeLessThanOrEqual(8);
  });

  it("goes on where it had stopped once the machines have more to give", () => {
    const ramp = new Ramp();
    const look = (atTick: number, finished: number): number =>
      ramp.allowed({ nowMs: atTick * tickMs, ready: 10_000, finished, environments: 8 });
    look(0, 0);
    expect(look(1, 800)).toBeGreaterThan(0);
    expect(look(30, 900)).toBeGreaterThan(0);
    expect(look(31, 910)).toBe(0);
    expect(look(61, 1_000)).toBeGreaterThan(0);
    expect(look(62, 1_700)).toBeGreaterThan(0);
  });

  it("gives nothing to a queue that is about to be empty", () => {
    const ramp = new Ramp();
    const look = { environments: 1, ready: 150 };
    ramp.allowed({ ...look, nowMs: 0, finished: 0 });
    expect(ramp.allowed({ ...look, nowMs: tickMs, finished: 100 })).toBe(0);
  });

  it("doubles up to the bound of one look", () => {
    const ramp = new Ramp();
    const steps = Array.from({ length: 10 }, (_, tick) => {
      const look = { nowMs: tick * tickMs, ready: 10_000, finished: 0, environments: 0 };
      const allowed = ramp.allowed(look);
      ramp.granted();
      return allowed;
    });
    expect(steps.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(steps.at(-1)).toBe(routerLimits.grantsPerTick);
  });

  it("counts anew after the queue was empty", () => {
    const ramp = new Ramp();
    const look = { ready: 10_000, environments: 4 };
    ramp.allowed({ ...look, nowMs: 0, finished: 5_000 });
    expect(ramp.allowed({ ...look, nowMs: tickMs, finished: 0 })).toBe(1);
    expect(ramp.allowed({ ...look, nowMs: 2 * tickMs, finished: 100 })).toBe(1);
  });
});
