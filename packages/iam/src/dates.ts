/** `20260102T030405Z`, the only date form of X-Amz-Date, and what is made of it. */
const amzDatePattern = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Milliseconds since the epoch, or undefined if `text` is no date of this form. */
export function parseAmzDate(text: string): number | undefined {
  const parts = amzDatePattern.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse takes 20260230 for 2 March in some engines: only a date that reads back is one.
  return Number.isNaN(ms) || formatAmzDate(ms) !== text ? undefined : ms;
}

/** The time in X-Amz-Date's form, cut to whole seconds. */
export function formatAmzDate(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
