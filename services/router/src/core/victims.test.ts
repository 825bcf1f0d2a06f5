import { functionRecord } from "@paddock/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lookup, targetOf } from "../records.fixture.ts";
import { concurrencyRule } from "./concurrency.ts";
import { chooseVictims, type Need, type ValuedIdle } from "./victims.ts";

const functions = lookup(
  [functionRecord("plain"), functionRecord("kept", { reservedConcurrency: 300 })],
  [],
);
const rule = concurrencyRule(functions, "plain", 1000);
const target = targetOf("plain");
const common = { idleForMs: 0, startMs: 100, memoryMb: 128 };

function need(lack: Need["lack"], over: Partial<Need> = {}): Need {
  return { lack, target, memoryMb: 128, rule, freeMb: new Map([["w", 0]]), ...over };
}

describe("the environments that make room", () => {
  const idle: ValuedIdle[] = [
    { ...common, workerId: "w", target: targetOf("plain"), count: 9, value: 0 },
    { ...common, workerId: "w", target: targetOf("plain", "old"), count: 1, value: 9 },
    { ...common, workerId: "w", target: targetOf("kept"), count: 5, value: 1 },
    { ...common, workerId: "w", target: targetOf("other"), count: 2, value: 3 },
  ];
  const victims = (lack: Need["lack"]) =>
    chooseVictims(idle, need(lack)).map((each) => [each.target, each.count]);

  it("are never those of the target itself, and otherwise the least valuable", () => {
    expect(victims("no-memory")).toEqual([[targetOf("kept"), 1]]);
  });

  it("are the function's own older ones where its limit is reached", () => {
    expect(victims("function-limit")).toEqual([[targetOf("plain", "old"), 1]]);
  });

  it("are of the pool where the pool is used up: those of reserved functions free nothing", () => {
    expect(victims("account-limit")).toEqual([[targetOf("other"), 1]]);
  });
});

describe("the environments that make room in memory", () => {
  const small = { ...common, target: targetOf("small"), count: 3, value: 1 };
  const large = { ...common, target: targetOf("large"), memoryMb: 1024, count: 1, value: 2 };

  it("are as many as are needed beside what is free, of several functions", () => {
    const idle = [small, large].map((each) => ({ ...each, workerId: "w" }));
    const freeMb = new Map([["w", 100]]);
    expect(chooseVictims(idle, need("no-memory", { memoryMb: 400, freeMb }))).toEqual([
      { workerId: "w", target: targetOf("small"), count: 3 },
    ]);
    expect(chooseVictims(idle, need("no-memory", { memoryMb: 600, freeMb }))).toEqual([
      { workerId: "w", target: targetOf("small"), count: 3 },
      { workerId: "w", target: targetOf("large"), count: 1 },
    ]);
  });

  it("are left alone where all of them would not be enough", () => {
    const idle = [{ ...small, workerId: "w" }];
    expect(chooseVictims(idle, need("no-memory", { memoryMb: 512 }))).toEqual([]);
  });

  it("are on the worker where least is lost", () => {
    const idle = [
      { ...small, workerId: "a", value: 5 },
      { ...small, workerId: "b", value: 1 },
      { ...small, workerId: "elsewhere", value: 0 },
    ];
    const freeMb = new Map([
      ["a", 0],
      ["b", 0],
    ]);
    const [victims] = chooseVictims(idle, need("no-memory", { freeMb }));
    expect(victims).toMatchObject({ workerId: "b", count: 1 });
    const roomier = new Map([
      ["a", 120],
      ["b", -256],
    ]);
    const bigger = need("no-memory", { memoryMb: 256, freeMb: roomier });
    expect(chooseVictims(idle, bigger)).toMatchObject([{ workerId: "b", count: 2 }]);
  });

  it("free enough whenever enough is idle on a worker, and never take one that is not needed", () => {
    const environment = fc.record({
      workerId: fc.constantFrom("a", "b"),
      name: fc.constantFrom("f", "g", "h", "i"),
      memoryMb: fc.integer({ min: 128, max: 2048 }),
      count: fc.integer({ min: 1, max: 4 }),
      value: fc.double({ min: 0, max: 10, noNaN: true }),
    });
    const all = fc.uniqueArray(environment, {
      selector: ({ workerId, name }) => `${workerId}/${name}`,
      maxLength: 8,
    });
    fc.assert(
      fc.property(all, fc.integer({ min: 128, max: 4096 }), (made, memoryMb) => {
        const idle = made.map(({ name, ...each }) => ({
          ...common,
          ...each,
          target: targetOf(name),
        }));
        const freeMb = new Map([
          ["a", 0],
          ["b", 0],
        ]);
        const chosen = chooseVictims(idle, need("no-memory", { memoryMb, freeMb }));
        const sizeOf = ({
          workerId,
          target: of,
        }: {
          workerId: string;
          target: { functionName: string };
        }) =>
          idle.find(
            (each) => each.workerId === workerId && each.target.functionName === of.functionName,
          )?.memoryMb ?? 0;
        const freed = chosen.reduce((sum, each) => sum + each.count * sizeOf(each), 0);
        const mostOnOne = Math.max(
          ...["a", "b"].map((id) =>
            idle
              .filter(({ workerId }) => workerId === id)
              .reduce((sum, each) => sum + each.count * each.memoryMb, 0),
          ),
        );
        expect(freed >= memoryMb).toBe(mostOnOne >= memoryMb);
        expect(new Set(chosen.map(({ workerId }) => workerId)).size).toBeLessThanOrEqual(1);
        const last = chosen.at(-1);
        if (last !== undefined) expect(freed - sizeOf(last)).toBeLessThan(memoryMb);
      }),
    );
  });
});
