import { randomBytes } from "node:crypto";

/** `Root=1-<seconds, 8 hex>-<24 hex>;Parent=<16 hex>;Sampled=0`, made where the caller sent none. */
export function traceHeaderOf(sent: string | undefined, maxChars: number, nowMs: number): string {
  if (sent !== undefined && sent.length <= maxChars && sent.includes("Root=")) return sent;
  const seconds = Math.floor(nowMs / 1000).toString(16);
  const random = randomBytes(20).toString("hex");
  return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24)};Sampled=0`;
}
