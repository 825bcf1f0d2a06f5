export function formatTime(ms: number | undefined): string {
  return ms === undefined ? "" : new Date(ms).toISOString().replace("T", " ").slice(0, 23);
}

export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}
