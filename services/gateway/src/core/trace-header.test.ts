import { describe, expect, it } from "vitest";
import { traceHeaderOf } from "./trace-header.ts";

const randomHex = () => "0123456789abcdef0123456789abcdef01234567";
const nowMs = Date.parse("2026-11-23T10:00:00Z");

describe("traceHeaderOf", () => {
  it("passes on what the caller sent", () => {
    const sent = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
    expect(traceHeaderOf(sent, { maxChars: 1024, nowMs, randomHex })).toBe(sent);
  });

  it.each([undefined, "", "Sampled=1", `Root=${"1".repeat(2000)}`])(
    "makes one of its own in place of %s",
    (sent) => {
      const seconds = Math.floor(nowMs / 1000).toString(16);
      expect(traceHeaderOf(sent, { maxChars: 1024, nowMs, randomHex })).toMatch(
        new RegExp(`^Root=1-${seconds}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`),
      );
    },
  );
});
