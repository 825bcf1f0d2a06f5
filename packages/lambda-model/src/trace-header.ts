import { createHash } from "node:crypto";

/**
 * An X-Ray header for an invocation that no caller traced: `Root=1-<seconds>-<24 hex>;Parent=<16
 * hex>;Sampled=0`. Always the same for the same request id and time, because the invocation of an
 * event may be made twice.
 */
export function stableTraceHeader(requestId: string, acceptedAtMs: number): string {
  const seconds = Math.floor(acceptedAtMs / 1000)
    .toString(16)
    .padStart(8, "0");
  const hex = createHash("sha256").update(requestId).digest("hex");
  return `Root=1-${seconds}-${hex.slice(0, 24)};Parent=${hex.slice(24, 40)};Sampled=0`;
}
