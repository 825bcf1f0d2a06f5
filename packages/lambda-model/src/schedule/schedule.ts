/**
 * Schedule expressions of EventBridge Scheduler: rate(), cron() and at().
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { modelLimits } from "../limits.ts";
import { nextCron, parseCron } from "./cron.ts";
import { invalidExpression } from "./error.ts";
import { type TimeZone, timeZoneOf } from "./time-zone.ts";

export interface Schedule {
  readonly kind: "rate" | "cron" | "at";
  /** The first due instant strictly after `ms` (epoch milliseconds), or undefined when none comes. */
  nextAfterMs(ms: number): number | undefined;
}

export interface ScheduleOptions {
  /**
   * From when on rate() counts its periods: the first due time is one period later. Default 0, the
   * epoch, which puts `rate(1 hour)` on the full hour.
   */
  readonly rateBeginsMs?: number;
}

const unitMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/**
 * Parses an expression, to be read in an IANA time zone. rate() counts real time: a day is 24 hours.
 *
 * @throws PaddockError ValidationException `Parameter ScheduleExpression is not valid.`, and the same
 * of ScheduleExpressionTimezone.
 */
export function parseSchedule(
  expression: string,
  timeZone: string,
  options: ScheduleOptions = {},
): Schedule {
  const zone = timeZoneOf(timeZone);
  if (expression.length > modelLimits.scheduleExpressionChars) throw invalidExpression();
  const [, kind, body] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (body === undefined) throw invalidExpression();
  switch (kind) {
    case "rate":
      return rate(body, options.rateBeginsMs ?? 0);
    case "at":
      return at(body, zone);
    default: {
      const cron = parseCron(body);
      return { kind: "cron", nextAfterMs: (ms) => nextCron(cron, zone, ms) };
    }
  }
}

function rate(body: string, beginsMs: number): Schedule {
  const [, count, unit] = /^\s*([1-9]\d{0,8})\s+([a-z]+)\s*$/.exec(body) ?? [];
  const eachMs = unit !== undefined && Object.hasOwn(unitMs, unit) ? unitMs[unit] : undefined;
  if (count === undefined || unit === undefined || eachMs === undefined) throw invalidExpression();
  // EventBridge refuses `rate(5 minute)`; Scheduler's own page allows plurals with 1.
  if (count !== "1" && !unit.endsWith("s")) throw invalidExpression();
  const periodMs = Number(count) * eachMs;
  if (periodMs > modelLimits.ratePeriodMs) throw invalidExpression();
  return {
    kind: "rate",
    nextAfterMs(ms) {
      const periods = Math.max(1, Math.floor((ms - beginsMs) / periodMs) + 1);
      return beginsMs + periods * periodMs;
    },
  };
}

function at(body: string, zone: TimeZone): Schedule {
  const wallMs = parseLocalTime(body.trim());
  // A time that the clock jumps over is read by the clock as it was before the jump: it comes late.
  const dueMs = zone.instantOf(wallMs) ?? wallMs - zone.offsetMs(wallMs - 86_400_000);
  return { kind: "at", nextAfterMs: (ms) => (dueMs > ms ? dueMs : undefined) };
}

function parseLocalTime(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)) throw invalidExpression();
  const wallMs = Date.parse(`${text}Z`);
  // The second test refuses days that do not exist, which Date moves into the next month.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== text) {
    throw invalidExpression();
  }
  return wallMs;
}
