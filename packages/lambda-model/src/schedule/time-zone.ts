/**
 * Time zones by Node's own tz database. Local times are written as "wall" milliseconds: the epoch
 * milliseconds that the same reading of the clock would have in UTC.
 */
import { modelLimits } from "../limits.ts";
import { invalidTimeZone } from "./error.ts";

const DAY_MS = 86_400_000;

export interface TimeZone {
  /** Local minus UTC, in milliseconds, at an instant. */
  offsetMs(atMs: number): number;
  /**
   * The instant of a local time: the first of two where the clock was set back, undefined where the
   * clock jumped over it.
   */
  instantOf(wallMs: number): number | undefined;
  /** The one offset that holds from a day before to a day after, if there is one. */
  steadyOffsetMs(wallMs: number): number | undefined;
}

/** @throws PaddockError ValidationException for a name that is no IANA time zone. */
export function timeZoneOf(name: string): TimeZone {
  if (name.length === 0 || name.length > modelLimits.timeZoneChars) throw invalidTimeZone();
  if (name === "UTC") return fromOffsets(() => 0);
  const format = formatterOf(name);
  return fromOffsets((atMs) => wallOf(format, atMs) - Math.floor(atMs / 1000) * 1000);
}

function fromOffsets(offsetMs: (atMs: number) => number): TimeZone {
  // A day on either side is beyond the largest offset, and two changes are never that close.
  const around = (wallMs: number) =>
    [offsetMs(wallMs - DAY_MS), offsetMs(wallMs + DAY_MS)] as const;
  return {
    offsetMs,
    steadyOffsetMs(wallMs) {
      const [before, after] = around(wallMs);
      return before === after ? before : undefined;
    },
    instantOf(wallMs) {
      const instants = around(wallMs).map((offset) => wallMs - offset);
      const real = instants.filter((atMs) => atMs + offsetMs(atMs) === wallMs);
      return real.length === 0 ? undefined : Math.min(...real);
    },
  };
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    if (error instanceof RangeError) throw invalidTimeZone();
    throw error;
  }
}

function wallOf(format: Intl.DateTimeFormat, atMs: number): number {
  const fields = new Map(
    format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]),
  );
  const field = (type: Intl.DateTimeFormatPartTypes) => fields.get(type) ?? 0;
  return Date.UTC(
    field("year"),
    field("month") - 1,
    field("day"),
    field("hour"),
    field("minute"),
    field("second"),
  );
}
