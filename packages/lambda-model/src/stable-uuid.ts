import { createHash } from "node:crypto";

/**
 * A UUID that is always the same for the same parts, so that work which is begun twice has one
 * request id. Version 8 (RFC 9562: the maker's own), from SHA-256. Parts cannot run into each other.
 */
export function stableUuid(...parts: readonly (string | number)[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
