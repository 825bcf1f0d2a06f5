import { describe, expect, it } from "vitest";
import { limits } from "../limits.ts";
import { affordableProcesses, allot, wantedProcesses } from "./stock-plan.ts";

const processBytes = limits.prebootedProcessMb * 1024 * 1024;
const gigabyte = 1024 ** 3;

describe("what is wanted of a kind", () => {
  it("is a few for what is deployed, nothing for what is not, and what demand says", () => {
    expect(wantedProcesses({ deployed: 0, demand: 0 })).toBe(0);
    expect(wantedProcesses({ deployed: 1, demand: 0 })).toBe(limits.prebootedMin);
    expect(wantedProcesses({ deployed: 500, demand: 0 })).toBe(limits.prebootedIdleMax);
    expect(wantedProcesses({ deployed: 1, demand: 100 })).toBe(100);
    expect(wantedProcesses({ deployed: 0, demand: 3 })).toBe(3);
  });
});

describe("what is affordable", () => {
  it("is more than 64 on a machine with 20 GB to spare", () => {
    expect(affordableProcesses(20 * gigabyte, 0)).toBeGreaterThan(64);
  });

  it("does not change because the stock itself has taken its share", () => {
    const held = 40;
    const before = affordableProcesses(8 * gigabyte, 0);
    expect(affordableProcesses(8 * gigabyte - held * processBytes, held)).toBe(before);
  });

  it("is nothing when memory runs out", () => {
    expect(affordableProcesses(7 * processBytes, 0)).toBe(0);
    expect(affordableProcesses(-gigabyte, 3)).toBe(0);
  });
});

describe("allotting", () => {
  it("gives everybody what is wanted where there is enough", () => {
    expect(allot([2, 0, 64], 66)).toEqual([2, 0, 64]);
  });

  it("cuts all by the same share otherwise, and hands out every process there is", () => {
    expect(allot([10, 20, 30], 30)).toEqual([5, 10, 15]);
    expect(allot([1, 1, 1], 2)).toEqual([1, 1, 0]);
    expect(allot([100, 1], 10)).toEqual([10, 0]);
    expect(allot([3, 0], 0)).toEqual([0, 0]);
  });
});
