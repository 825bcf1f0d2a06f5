import { describe, expect, it } from "vitest";
import { eventPatternMatches, isEventPattern } from "./event-pattern.ts";

describe("event patterns", () => {
  it.each([
    ["orders.created", "orders.created", true],
    ["orders.created", "orders.deleted", false],
    ["orders.*", "orders.created", true],
    ["orders.*", "orders.created.eu", false],
    ["orders.>", "orders.created.eu", true],
    ["orders.>", "orders", false],
    ["*.created", "orders.created", true],
    [">", "orders", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    expect(eventPatternMatches(pattern, path)).toBe(expected);
  });

  it.each(["a..b", "", "a.>.b", "a b", "a.", "x*"])("refuses %j", (pattern) => {
    expect(isEventPattern(pattern)).toBe(false);
  });

  it.each(["a", "a.*.c", "*", "a.>", ">"])("allows %j", (pattern) => {
    expect(isEventPattern(pattern)).toBe(true);
  });
});
