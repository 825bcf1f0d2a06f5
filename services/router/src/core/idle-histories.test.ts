import type { WorkerStatus } from "@paddock/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { routerLimits } from "../limits.ts";
import { environmentsOf, targetOf, workerStatus } from "../records.fixture.ts";
import { IdleHistories } from "./idle-histories.ts";

const minuteMs = 60_000;
const name = { functionName: "f", version: "$LATEST" };
type Entry = Partial<WorkerStatus["environments"][number]>;

/** A worker that says something of one target. */
function fleetOf(histories: IdleHistories) {
  return {
    says: (nowMs: number, entry: Entry | undefined, workerId = "w", configId = "c1") => {
      const environments =
        entry === undefined ? [] : [environmentsOf(targetOf("f", configId), entry)];
      histories.heard(workerStatus(workerId, environments), nowMs);
    },
    bins: () => histories.histogramOf(name)?.toStored().bins ?? [],
    idleSinceMs: () => [...histories.versions()][0]?.idleSinceMs,
  };
}

describe("idle times", () => {
  it("are from the end of an environment's work to its next, although it was let go in between", () => {
    const { says, bins, idleSinceMs } = fleetOf(new IdleHistories());
    says(0, undefined);
    says(1000, { uses: 1, peakBusy: 1, idle: 1 });
    expect(idleSinceMs()).toBe(1000);
    says(2000, undefined);
    says(30 * minuteMs, { uses: 1, peakBusy: 1, busy: 1 });
    expect(bins()).toEqual([[29, 1]]);
    expect(idleSinceMs()).toBeUndefined();
  });

  it("are found where the next work is on another worker, and of another configuration", () => {
    const { says, bins } = fleetOf(new IdleHistories());
    says(0, undefined, "a");
    says(0, undefined, "b");
    says(1000, { uses: 1, peakBusy: 1, idle: 1 }, "a");
    says(5 * minuteMs + 1000, { uses: 1, peakBusy: 1, busy: 1 }, "b", "c2");
    expect(bins()).toEqual([[5, 1]]);
  });

  it("of environments in steady use are short, and only the rise of a burst ends long ones", () => {
    const { says, bins } = fleetOf(new IdleHistories());
    says(0, undefined);
    says(1000, { uses: 3, peakBusy: 3, idle: 3 });
    for (let second = 2; second <= 600; second += 1) {
      says(second * 1000, { uses: 3 + (second - 1) * 50, peakBusy: 1, idle: 3 });
    }
    says(601_000, { uses: 3 + 600 * 50, peakBusy: 3, idle: 3 });
    expect(bins()).toEqual([
      [0, 600 * 50 - 2],
      [10, 2],
    ]);
  });

  it("lose nothing of a worker that fell silent: its environments are idle from then on", () => {
    const histories = new IdleHistories();
    const { says, idleSinceMs } = fleetOf(histories);
    says(0, undefined);
    says(1000, { uses: 1, peakBusy: 1, busy: 1 });
    histories.forgetSilent(1000 + routerLimits.idleSilenceMs - 1);
    expect(idleSinceMs()).toBeUndefined();
    histories.forgetSilent(1000 + routerLimits.idleSilenceMs);
    expect(idleSinceMs()).toBe(1000);
  });

  it("are not made up from a worker that was there before the router", () => {
    const { says, bins, idleSinceMs } = fleetOf(new IdleHistories());
    says(100 * minuteMs, {
      uses: 500,
      idle: 2,
      newestIdleMs: minuteMs,
      oldestIdleMs: 99 * minuteMs,
    });
    expect(bins()).toEqual([]);
    expect(idleSinceMs()).toBe(99 * minuteMs);
    says(103 * minuteMs, { uses: 501, peakBusy: 1, busy: 1 });
    expect(bins()).toEqual([[4, 1]]);
  });

  it("start anew where a worker counts anew", () => {
    const { says, bins } = fleetOf(new IdleHistories());
    says(0, { uses: 1000, idle: 1 });
    says(1000, { uses: 1, peakBusy: 1, busy: 1 });
    expect(bins()).toEqual([]);
  });

  it("are one for each time that work began, but those that nobody was idle before", () => {
    const seconds = fc.array(fc.record({ began: fc.nat({ max: 5 }), still: fc.nat({ max: 5 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(seconds, (all) => {
        const histories = new IdleHistories();
        const { says } = fleetOf(histories);
        says(0, undefined);
        let [uses, busy, most] = [0, 0, 0];
        for (const [index, { began, still }] of all.entries()) {
          uses += began;
          const peakBusy = busy + began;
          most = Math.max(most, peakBusy);
          busy = Math.min(still, peakBusy);
          says((index + 1) * 1000, { uses, peakBusy, busy, idle: 1 });
        }
        const samples = histories.histogramOf(name)?.samples ?? 0;
        expect(samples).toBe(uses - most);
      }),
    );
  });
});

describe("what was learned", () => {
  /** One use every five minutes. */
  function learned(count: number) {
    const histories = new IdleHistories();
    const { says } = fleetOf(histories);
    says(0, undefined);
    for (let use = 1; use <= count; use += 1) {
      says(use * 5 * minuteMs, { uses: use, peakBusy: 1, idle: 1 });
    }
    return histories;
  }
  const endMs = 30 * 5 * minuteMs;

  it("is kept when there is news, and not again at once", () => {
    const histories = learned(30);
    const [history, ...others] = histories.takeChanged(endMs);
    expect(others).toEqual([]);
    expect(history).toMatchObject({ ...name, bins: [[5, 29]], idleSinceMs: endMs });
    expect(histories.takeChanged(endMs + 10 * minuteMs)).toEqual([]);
  });

  it("goes on in another router", () => {
    const [history] = learned(30).takeChanged(endMs);
    const next = new IdleHistories();
    if (history !== undefined) next.restore(history);
    const [version] = next.versions();
    expect(version).toMatchObject({ ...name, idleSinceMs: endMs });
    expect(version?.windows).toEqual([...learned(30).versions()][0]?.windows);
    const { says, bins } = fleetOf(next);
    says(endMs, undefined);
    says(endMs + 7 * minuteMs, { uses: 1, peakBusy: 1, busy: 1 });
    expect(bins()).toEqual([
      [5, 29],
      [7, 1],
    ]);
  });

  it("is forgotten with its version, and bounded in number", () => {
    const histories = new IdleHistories();
    for (let index = 0; index <= routerLimits.idleVersions; index += 1) {
      histories.restore({
        functionName: `f${index}`,
        version: "1",
        bins: [],
        outOfBounds: 0,
        agedAtMs: 0,
      });
    }
    expect([...histories.versions()]).toHaveLength(routerLimits.idleVersions);
    histories.forget({ functionName: "f7", version: "1" });
    expect(histories.histogramOf({ functionName: "f7", version: "1" })).toBeUndefined();
    expect(histories.histogramOf({ functionName: "f8", version: "1" })).toBeDefined();
  });
});
