import { functionRecord } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { lookup } from "../records.fixture.ts";
import { concurrencyRule, withHeadroom } from "./concurrency.ts";

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

  it("with headroom leaves a share of each limit, and one environment at least", () => {
    const rule = { poolLimit: 100, reservedFunctions: ["kept"] };
    expect(withHeadroom(rule, 0.1)).toEqual({ poolLimit: 90, reservedFunctions: ["kept"] });
    expect(withHeadroom({ ...rule, functionLimit: 5 }, 0.1).functionLimit).toBe(4);
    expect(withHeadroom({ ...rule, functionLimit: 0, poolLimit: 0 }, 0.1)).toMatchObject({
      ...{ functionLimit: 0, poolLimit: 0 },
    });
  });
});
