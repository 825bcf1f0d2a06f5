import { describe, expect, it } from "vitest";
import { outsideUser } from "./machine-root.ts";

describe("a user's id outside of a user namespace", () => {
  it.each([
    ["         0          0 4294967295\n", 0, 0],
    ["         0       1000          1\n", 0, 1000],
    ["         0     100000      65536\n", 33, 100_033],
    ["0 1000 1\n1 100000 65536\n", 2, 100_001],
  ])("is read from the map %j: %i is %i", (map, inside, outside) => {
    expect(outsideUser(map, inside)).toBe(outside);
  });
});
