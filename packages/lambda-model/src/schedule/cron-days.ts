/**
 * Which days of a month a cron expression means. Of day-of-month and day-of-week exactly one is `?`.
 * Day-of-month knows `L` (last day), `LW` (last weekday), `nW` (weekday nearest to the n-th, within
 * the month); day-of-week counts SUN = 1 and knows `L` (SAT), `nL` (last of the month), `n#k` (k-th).
 */
import { type FieldRange, parseField, parseNumber } from "./cron-field.ts";
import { invalidExpression } from "./error.ts";

const dayOfMonthRange: FieldRange = { min: 1, max: 31, wraps: true };
const dayOfWeekRange: FieldRange = {
  min: 1,
  max: 7,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  wraps: true,
};
const SATURDAY = 7;
const SUNDAY = 1;

export interface Month {
  /** 28 to 31. */
  readonly lastDay: number;
  /** Day of the week of the 1st, SUN = 1. */
  readonly firstWeekday: number;
}

/** The days of a month that match, ascending. */
export type DaysOfMonth = (month: Month) => readonly number[];

export function parseDays(dayOfMonth: string, dayOfWeek: string): DaysOfMonth {
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) throw invalidExpression();
  const rules =
    dayOfWeek === "?"
      ? dayOfMonth.split(",").map(parseDayOfMonth)
      : parseDaysOfWeek(dayOfWeek.split(","));
  return (month) => {
    const days = new Set(rules.flatMap((rule) => rule(month)));
    return [...days].sort((one, other) => one - other);
  };
}

function parseDayOfMonth(item: string): DaysOfMonth {
  const capitals = item.toUpperCase();
  if (capitals === "L") return ({ lastDay }) => [lastDay];
  if (capitals === "LW") return (month) => [nearestWeekday(month.lastDay, month)];
  if (capitals.endsWith("W")) {
    const day = parseNumber(capitals.slice(0, -1), dayOfMonthRange);
    return (month) => (day > month.lastDay ? [] : [nearestWeekday(day, month)]);
  }
  const days = parseField(item, dayOfMonthRange);
  return ({ lastDay }) => days.filter((day) => day <= lastDay);
}

function parseDaysOfWeek(items: readonly string[]): readonly DaysOfMonth[] {
  // AWS: with `#` only one expression may stand in the field.
  if (items.length > 1 && items.some((item) => item.includes("#"))) throw invalidExpression();
  return items.map(parseDayOfWeek);
}

function parseDayOfWeek(item: string): DaysOfMonth {
  const capitals = item.toUpperCase();
  if (capitals === "L") return weekdays([SATURDAY]);
  if (capitals.endsWith("L")) {
    const weekday = parseNumber(capitals.slice(0, -1), dayOfWeekRange);
    return (month) => daysOn(weekday, month).slice(-1);
  }
  if (capitals.includes("#")) {
    const [weekdayText = "", nthText = "", ...more] = capitals.split("#");
    if (more.length > 0) throw invalidExpression();
    const weekday = parseNumber(weekdayText, dayOfWeekRange);
    const nth = parseNumber(nthText, { min: 1, max: 5, wraps: false });
    return (month) => daysOn(weekday, month).slice(nth - 1, nth);
  }
  return weekdays(parseField(item, dayOfWeekRange));
}

function weekdays(wanted: readonly number[]): DaysOfMonth {
  return (month) => wanted.flatMap((weekday) => daysOn(weekday, month));
}

function daysOn(weekday: number, { firstWeekday, lastDay }: Month): number[] {
  const days: number[] = [];
  for (let day = 1 + ((weekday - firstWeekday + 7) % 7); day <= lastDay; day += 7) days.push(day);
  return days;
}

function nearestWeekday(day: number, { firstWeekday, lastDay }: Month): number {
  const weekday = ((firstWeekday - 1 + day - 1) % 7) + 1;
  if (weekday === SATURDAY) return day === 1 ? 3 : day - 1;
  if (weekday === SUNDAY) return day === lastDay ? day - 2 : day + 1;
  return day;
}
