import { describe, expect, it } from "vitest";
import { functionRecord, lookup, targetOf } from "../records.fixture.ts";
import { concurrencyRule } from "./concurrency.ts";
import { chooseVictim } from "./placement.ts";

const functions = lookup(
  [
    functionRecord("plain"),
    functionRecord("kept", { reservedConcurrency: 300 }),
    functionRecord("off", { reservedConcurrency: 0 }),
  ],
  [],
);

describe("concurrency", () => {
  it("of functions without reservation is what the account has left", () => {
    expect(concurrencyRule(functions, "plain", 1000)).toEqual({
      poolLimit: 700,
      reservedFunctions: ["kept", "off"],
    });
    expect(concurrencyRule(functions, "kept", 1000).functionLimit).toBe(300);
  });
});

describe("the environments that make room", () => {
  const rule = concurrencyRule(functions, "plain", 1000);
  const idle = [
    { workerId: "w", target: targetOf("plain"), count: 9 },
    { workerId: "w", target: targetOf("plain", "old"), count: 1 },
    { workerId: "w", target: targetOf("kept"), count: 5 },
    { workerId: "w", target: targetOf("other"), count: 2 },
  ];
  const victim = (lack: "function-limit" | "account-limit" | "no-memory") =>
    chooseVictim(idle, lack, targetOf("plain"), rule)?.target;

  it("are never those of the target itself", () => {
    expect(victim("no-memory")).toEqual(targetOf("kept"));
  });

  it("are the function's own older ones where its limit is reached", () => {
    expect(victim("function-limit")).toEqual(targetOf("plain", "old"));
  });

  it("are of the pool where the pool is used up: those of reserved functions free nothing", () => {
    expect(victim("account-limit")).toEqual(targetOf("other"));
  });
});
