/** A value as flags and variables have it: lists of words by commas, everything larger as JSON. */
export function settingText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const isPlain = Array.isArray(value) && value.every((item) => typeof item !== "object");
  return isPlain ? value.join(",") : JSON.stringify(value);
}
