/**
 * cron(minutes hours day-of-month month day-of-week year). A local time that the clock jumps over
 * is skipped; of one that comes twice the first counts, as EventBridge Scheduler has it.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { modelLimits } from "../limits.ts";
import { type DaysOfMonth, parseDays } from "./cron-days.ts";
import { type FieldRange, parseField } from "./cron-field.ts";
import { invalidExpression } from "./error.ts";
import type { TimeZone } from "./time-zone.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const minuteRange: FieldRange = { min: 0, max: 59, wraps: true };
const hourRange: FieldRange = { min: 0, max: 23, wraps: true };
const monthRange: FieldRange = {
  min: 1,
  max: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  wraps: true,
};
const yearRange: FieldRange = {
  min: modelLimits.cronYearMin,
  max: modelLimits.cronYearMax,
  wraps: false,
};

export interface CronExpression {
  /** Offsets from local midnight of every matching time of a day, ascending. */
  readonly timesOfDayMs: readonly number[];
  readonly days: DaysOfMonth;
  readonly months: readonly number[];
  readonly years: readonly number[];
}

/** Reads the six fields between the parentheses. */
export function parseCron(fields: string): CronExpression {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...more] = fields.trim().split(/\s+/);
  if (
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined ||
    more.length > 0
  ) {
    throw invalidExpression();
  }
  const everyMinute = parseField(minutes, minuteRange);
  return {
    timesOfDayMs: parseField(hours, hourRange).flatMap((hour) =>
      everyMinute.map((minute) => hour * HOUR_MS + minute * MINUTE_MS),
    ),
    days: parseDays(dayOfMonth, dayOfWeek),
    months: parseField(month, monthRange),
    years: parseField(year, yearRange),
  };
}

/** The first matching instant after `afterMs`, or undefined when none comes any more. */
export function nextCron(
  cron: CronExpression,
  zone: TimeZone,
  afterMs: number,
): number | undefined {
  // The day before covers a midnight at which the clock is set back.
  const firstDayMs = startOfDay(afterMs + zone.offsetMs(afterMs)) - DAY_MS;
  for (const dayMs of matchingDays(cron, firstDayMs)) {
    const atMs = firstOfDay(cron, zone, dayMs, afterMs);
    if (atMs !== undefined) return atMs;
  }
  return undefined;
}

/** Local midnights, in wall milliseconds, from `firstDayMs` on; ends with the last year. */
function* matchingDays(cron: CronExpression, firstDayMs: number): Generator<number> {
  const first = new Date(firstDayMs);
  for (const year of cron.years) {
    if (year < first.getUTCFullYear()) continue;
    for (const month of cron.months) {
      const firstOfMonth = new Date(Date.UTC(year, month - 1, 1));
      const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
      if (firstOfMonth.getTime() + lastDay * DAY_MS <= firstDayMs) continue;
      for (const day of cron.days({ lastDay, firstWeekday: firstOfMonth.getUTCDay() + 1 })) {
        const dayMs = firstOfMonth.getTime() + (day - 1) * DAY_MS;
        if (dayMs >= firstDayMs) yield dayMs;
      }
    }
  }
}

function firstOfDay(
  cron: CronExpression,
  zone: TimeZone,
  dayMs: number,
  afterMs: number,
): number | undefined {
  // On nearly every day one offset holds: then no look into the time zone is needed for each time.
  const steadyMs = zone.steadyOffsetMs(dayMs + DAY_MS / 2);
  for (const timeMs of cron.timesOfDayMs) {
    const wallMs = dayMs + timeMs;
    const atMs = steadyMs === undefined ? zone.instantOf(wallMs) : wallMs - steadyMs;
    if (atMs !== undefined && atMs > afterMs) return atMs;
  }
  return undefined;
}

function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}
