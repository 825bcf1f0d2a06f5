import { describe, expect, it } from "vitest";
import { excessBytes } from "./memory-pressure.ts";

describe("memory that has to go", () => {
  it("is none below the mark, and down to a lower mark above it", () => {
    expect(excessBytes(899, 1000)).toBe(0);
    expect(excessBytes(900, 1000)).toBe(50);
    expect(excessBytes(1200, 1000)).toBe(350);
  });
});
