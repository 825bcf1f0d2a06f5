/**
 * `Root=1-<seconds, 8 hex>-<24 hex>;Parent=<16 hex>;Sampled=0`, made where the caller sent none.
 * `randomHex` gives 40 hexadecimal digits.
 */
export function traceHeaderOf(
  sent: string | undefined,
  options: {
    readonly maxChars: number;
    readonly nowMs: number;
    readonly randomHex: () => string;
  },
): string {
  if (sent !== undefined && sent.length <= options.maxChars && sent.includes("Root=")) return sent;
  const seconds = Math.floor(options.nowMs / 1000).toString(16);
  const random = options.randomHex();
  return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24, 40)};Sampled=0`;
}
