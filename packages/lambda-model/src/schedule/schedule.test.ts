import { PaddockError } from "@paddock/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSchedule } from "./schedule.ts";

/** The next `count` due times after an instant, as ISO text to the minute. */
function due(expression: string, timeZone: string, after: string, count: number): string[] {
  const schedule = parseSchedule(expression, timeZone);
  const times: string[] = [];
  let atMs = Date.parse(after);
  for (let index = 0; index < count; index += 1) {
    const next = schedule.nextAfterMs(atMs);
    if (next === undefined) break;
    atMs = next;
    times.push(new Date(next).toISOString().slice(0, 16));
  }
  return times;
}

/** What became of an expression, or the message of the error. */
function outcome(expression: string): string {
  try {
    parseSchedule(expression, "UTC").nextAfterMs(0);
    return "a schedule";
  } catch (error) {
    return error instanceof PaddockError ? error.message : `no error of ours: ${String(error)}`;
  }
}

describe("rate()", () => {
  it("is due on whole periods, of the epoch where nothing else is given", () => {
    expect(due("rate(5 minutes)", "UTC", "2026-11-23T10:03:30Z", 2)).toEqual([
      "2026-11-23T10:05",
      "2026-11-23T10:10",
    ]);
    expect(due("rate(1 day)", "Europe/Berlin", "2026-11-23T10:03:30Z", 1)).toEqual([
      "2026-11-24T00:00",
    ]);
  });

  it("is due one period after its beginning at the earliest", () => {
    const schedule = parseSchedule("rate(1 hour)", "UTC", { rateBeginsMs: 10_000 });
    expect([0, 10_000, 3_610_000].map((ms) => schedule.nextAfterMs(ms))).toEqual([
      3_610_000, 3_610_000, 7_210_000,
    ]);
  });

  it("is due strictly later, within one period, and on a whole number of periods", () => {
    const units = fc.constantFrom(["minutes", 60_000], ["hours", 3_600_000], ["days", 86_400_000]);
    const at = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10_000 }),
        units,
        at,
        at,
        (count, [unit, ms], begins, now) => {
          const periodMs = count * Number(ms);
          const next = parseSchedule(`rate(${count} ${unit})`, "UTC", {
            rateBeginsMs: begins,
          }).nextAfterMs(now);
          expect(next).toBeGreaterThan(now);
          expect(((next ?? 0) - begins) % periodMs).toBe(0);
          expect(next).toBeLessThanOrEqual(Math.max(now, begins) + periodMs);
        },
      ),
    );
  });
});

describe("at()", () => {
  it("is due once, by the clock of its time zone", () => {
    expect(due("at(2026-07-01T09:30:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", 2)).toEqual([
      "2026-07-01T07:30",
    ]);
    expect(due("at(2026-07-01T09:30:00)", "UTC", "2026-07-01T09:30:00Z", 2)).toEqual([]);
  });

  it("comes late by the jump where the clock jumps over it", () => {
    expect(due("at(2026-03-29T02:30:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", 1)).toEqual([
      "2026-03-29T01:30",
    ]);
  });
});

describe("cron()", () => {
  it.each([
    ["cron(0 9 * * ? *)", ["2026-11-24T09:00", "2026-11-25T09:00"]],
    ["cron(15 12 * * ? *)", ["2026-11-23T12:15", "2026-11-24T12:15"]],
    ["cron(0/20 8-17 ? * MON-FRI *)", ["2026-11-23T10:20", "2026-11-23T10:40"]],
    ["cron(5/25 10 * * ? *)", ["2026-11-23T10:30", "2026-11-23T10:55"]],
    ["cron(0 18 ? * 2-6 *)", ["2026-11-23T18:00", "2026-11-24T18:00"]],
    ["cron(0 0 ? * 1 *)", ["2026-11-29T00:00", "2026-12-06T00:00"]],
    ["cron(0 8 1 * ? *)", ["2026-12-01T08:00", "2027-01-01T08:00"]],
    ["cron(0 0 31 * ? *)", ["2026-12-31T00:00", "2027-01-31T00:00", "2027-03-31T00:00"]],
    ["cron(0 0 L * ? *)", ["2026-11-30T00:00", "2026-12-31T00:00"]],
    ["cron(0 0 L FEB ? *)", ["2027-02-28T00:00", "2028-02-29T00:00"]],
    ["cron(0 0 LW * ? *)", ["2026-11-30T00:00", "2026-12-31T00:00", "2027-01-29T00:00"]],
    ["cron(0 0 15W * ? *)", ["2026-12-15T00:00", "2027-01-15T00:00", "2027-02-15T00:00"]],
    ["cron(0 0 1W * ? *)", ["2026-12-01T00:00", "2027-01-01T00:00", "2027-02-01T00:00"]],
    ["cron(0 0 1W 5 ? *)", ["2027-05-03T00:00", "2028-05-01T00:00"]],
    ["cron(0 0 31W * ? *)", ["2026-12-31T00:00", "2027-01-29T00:00", "2027-03-31T00:00"]],
    ["cron(0 0 ? * L *)", ["2026-11-28T00:00", "2026-12-05T00:00"]],
    ["cron(0 0 ? * 6L *)", ["2026-11-27T00:00", "2026-12-25T00:00"]],
    ["cron(0 0 ? * FRI#2 *)", ["2026-12-11T00:00", "2027-01-08T00:00"]],
    ["cron(0 0 ? * 2#5 *)", ["2026-11-30T00:00", "2027-03-29T00:00"]],
    [
      "cron(0 0 ? * FRI-MON *)",
      [
        "2026-11-27T00:00",
        "2026-11-28T00:00",
        "2026-11-29T00:00",
        "2026-11-30T00:00",
        "2026-12-04T00:00",
      ],
    ],
    [
      "cron(0 22-1 * * ? *)",
      ["2026-11-23T22:00", "2026-11-23T23:00", "2026-11-24T00:00", "2026-11-24T01:00"],
    ],
    ["cron(0 0 1 JAN,jul ? *)", ["2027-01-01T00:00", "2027-07-01T00:00"]],
    ["cron(0 0 1 1 ? 2028-2030/2)", ["2028-01-01T00:00", "2030-01-01T00:00"]],
    ["cron(0 0 29 2 ? *)", ["2028-02-29T00:00", "2032-02-29T00:00"]],
    ["cron(0 0 30 2 ? *)", []],
    ["cron(0 0 1 1 ? 2020)", []],
    ["cron(59 23 31 12 ? 2199)", ["2199-12-31T23:59"]],
  ])("%s is due when AWS's syntax says", (expression, expected) => {
    const count = Math.max(1, expected.length);
    expect(due(expression, "UTC", "2026-11-23T10:15:30Z", count)).toEqual(expected);
  });

  it("goes by the clock of its time zone", () => {
    expect(due("cron(0 9 * * ? *)", "Europe/Berlin", "2026-10-24T00:00:00Z", 3)).toEqual([
      "2026-10-24T07:00",
      "2026-10-25T08:00",
      "2026-10-26T08:00",
    ]);
    expect(due("cron(30 0 * * ? *)", "Asia/Kolkata", "2026-11-23T10:00:00Z", 1)).toEqual([
      "2026-11-23T19:00",
    ]);
  });

  it("skips a time that the clock jumps over", () => {
    expect(due("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T00:00:00Z", 3)).toEqual([
      "2026-03-28T01:30",
      "2026-03-30T00:30",
      "2026-03-31T00:30",
    ]);
  });

  it("is due once in an hour that comes twice", () => {
    expect(due("cron(0/30 * * * ? *)", "Europe/Berlin", "2026-10-24T23:45:00Z", 4)).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T00:30",
      "2026-10-25T02:00",
      "2026-10-25T02:30",
    ]);
  });

  it("finds midnight where the clock is set back to the day before", () => {
    // Havana goes from 01:00 back to 00:00.
    expect(due("cron(30 0 * * ? *)", "America/Havana", "2026-10-31T12:00:00Z", 2)).toEqual([
      "2026-11-01T04:30",
      "2026-11-02T05:30",
    ]);
  });

  const minutes = fc.constantFrom("*", "0", "7", "0/15", "10-20", "59");
  const hours = fc.constantFrom("*", "0", "2", "3", "22-2", "*/6");
  const days = fc.constantFrom(["*", "?"], ["L", "?"], ["15W", "?"], ["?", "MON-FRI"], ["?", "6L"]);
  const zones = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
  );
  const now = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });

  it("is due strictly later, on a whole minute, and never goes back", () => {
    fc.assert(
      fc.property(minutes, hours, days, zones, now, (minute, hour, [dom, dow], zone, nowMs) => {
        const schedule = parseSchedule(`cron(${minute} ${hour} ${dom} * ${dow} *)`, zone);
        const first = schedule.nextAfterMs(nowMs) ?? 0;
        expect(first).toBeGreaterThan(nowMs);
        expect(first % 60_000).toBe(0);
        // Nothing is due in between: asked a moment before, it names the same time.
        expect(schedule.nextAfterMs(first - 1)).toBe(first);
        expect(schedule.nextAfterMs(Math.floor((nowMs + first) / 2))).toBe(first);
      }),
      { numRuns: 200 },
    );
  });

  it("shows the wanted hour and minute on the clock of its time zone", () => {
    fc.assert(
      fc.property(fc.nat(59), fc.nat(23), zones, now, (minute, hour, zone, nowMs) => {
        const next = parseSchedule(`cron(${minute} ${hour} * * ? *)`, zone).nextAfterMs(nowMs) ?? 0;
        const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" });
        const wanted = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
        expect(clock.format(next)).toBe(wanted);
      }),
      { numRuns: 200 },
    );
  });
});

describe("what is no schedule", () => {
  it.each([
    "",
    "rate()",
    "rate(0 minutes)",
    "rate(-1 minutes)",
    "rate(1.5 hours)",
    "rate(5 minute)",
    "rate(5 seconds)",
    "rate(5 constructor)",
    "rate(999999999 days)",
    "Rate(5 minutes)",
    "at(2026-02-30T00:00:00)",
    "at(2026-02-03)",
    "at(2026-02-03T24:00:00)",
    "cron()",
    "cron(0 9 * * ?)",
    "cron(0 9 * * ? * *)",
    "cron(0 9 * * * *)",
    "cron(0 9 ? * ? *)",
    "cron(60 9 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 9 0 * ? *)",
    "cron(0 9 32 * ? *)",
    "cron(0 9 * 13 ? *)",
    "cron(0 9 * FOO ? *)",
    "cron(0 9 ? * 0 *)",
    "cron(0 9 ? * 8 *)",
    "cron(0 9 ? * 2#6 *)",
    "cron(0 9 ? * 3#1,6#3 *)",
    "cron(0 9 * * ? 1969)",
    "cron(0 9 * * ? 2200)",
    "cron(0 9 * * ? 2030-2020)",
    "cron(0/0 9 * * ? *)",
    "cron(0/ 9 * * ? *)",
    "cron(1-2-3 9 * * ? *)",
    "cron(, 9 * * ? *)",
    "cron(? 9 * * ? *)",
    "cron(0 9 W * ? *)",
    `cron(${"0,".repeat(200)}0 9 * * ? *)`,
  ])("%j is refused in AWS's words", (expression) => {
    expect(() => parseSchedule(expression, "UTC")).toThrow(
      "Parameter ScheduleExpression is not valid.",
    );
  });

  it.each(["", "Mars/Olympus", "Europe/Berlin; drop", "x".repeat(51)])("is one in %j", (zone) => {
    expect(() => parseSchedule("rate(1 minute)", zone)).toThrow(
      "Parameter ScheduleExpressionTimezone is not valid.",
    );
  });

  it("is answered with the one error whatever the text", () => {
    const field = fc.stringMatching(/^[0-9*?,/#LW-]{1,6}$/);
    const almost = fc
      .array(field, { minLength: 6, maxLength: 6 })
      .map((f) => `cron(${f.join(" ")})`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (expression) => {
        const message = "Parameter ScheduleExpression is not valid.";
        expect(outcome(expression)).toBeOneOf(["a schedule", message]);
      }),
    );
  });
});
