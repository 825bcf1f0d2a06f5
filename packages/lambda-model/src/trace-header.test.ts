import { describe, expect, it } from "vitest";
import { stableTraceHeader } from "./trace-header.ts";

describe("stableTraceHeader", () => {
  it("has X-Ray's form and is the same for the same invocation", () => {
    const header = stableTraceHeader("a", 1_790_000_000_999);
    expect(header).toMatch(/^Root=1-6ab13b80-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    expect(stableTraceHeader("a", 1_790_000_000_999)).toBe(header);
    expect(stableTraceHeader("b", 1_790_000_000_999)).not.toBe(header);
  });
});
