import type { ScheduleTrigger } from "@paddock/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Agenda } from "./agenda.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const catchUpMs = 45 * SECOND_MS;
const noonMs = Date.UTC(2026, 10, 23, 12);
const triggerId = "0b6c1e7e-6f0e-4b60-9f2e-1d2f3a4b5c6d";

function trigger(expression: string, changes: Partial<ScheduleTrigger> = {}): ScheduleTrigger {
  return {
    triggerId,
    functionName: "tick",
    enabled: true,
    createdAtMs: Date.UTC(2026, 0),
    kind: "schedule",
    expression,
    timeZone: "UTC",
    ...changes,
  };
}

function dueTimes(agenda: Agenda, nowMs: number): number[] {
  return agenda.takeDue(nowMs).due.map(({ dueMs }) => dueMs);
}

describe("Agenda", () => {
  it("has nothing due without schedules", () => {
    expect(new Agenda(catchUpMs).nextDueMs()).toBeUndefined();
  });

  it("names the earliest due time and hands each out once", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("cron(5 * * * ? *)"), noonMs);
    agenda.set("other", trigger("cron(1 * * * ? *)"), noonMs);
    expect(agenda.nextDueMs()).toBe(noonMs + MINUTE_MS);
    expect(dueTimes(agenda, noonMs + MINUTE_MS)).toEqual([noonMs + MINUTE_MS]);
    expect(dueTimes(agenda, noonMs + MINUTE_MS)).toEqual([]);
    expect(agenda.nextDueMs()).toBe(noonMs + 5 * MINUTE_MS);
  });

  it("catches up with a time that was just missed, for triggers that were there before", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("cron(0 * * * ? *)"), noonMs + 30 * SECOND_MS, {
      wasThere: true,
    });
    expect(dueTimes(agenda, noonMs + 30 * SECOND_MS)).toEqual([noonMs]);
  });

  it("does not catch up with what is longer ago, nor for a trigger that is switched on", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("cron(0 * * * ? *)"), noonMs + 46 * SECOND_MS, {
      wasThere: true,
    });
    expect(dueTimes(agenda, noonMs + 46 * SECOND_MS)).toEqual([]);
    agenda.set("on", trigger("cron(0 * * * ? *)"), noonMs + 30 * SECOND_MS);
    expect(dueTimes(agenda, noonMs + 30 * SECOND_MS)).toEqual([]);
  });

  it("does not catch up with a time that was fired before the restart", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("cron(0 * * * ? *)"), noonMs + 30 * SECOND_MS, {
      wasThere: true,
      firedUpToMs: noonMs,
    });
    expect(dueTimes(agenda, noonMs + 30 * SECOND_MS)).toEqual([]);
  });

  it("never fires for a time before the trigger was made", () => {
    const agenda = new Agenda(catchUpMs);
    const createdAtMs = noonMs + 10 * SECOND_MS;
    const made = trigger("cron(0 * * * ? *)", { createdAtMs });
    agenda.set(triggerId, made, noonMs + 20 * SECOND_MS, { wasThere: true });
    expect(agenda.nextDueMs()).toBe(noonMs + 60 * MINUTE_MS);
  });

  it("fires a new trigger for a time between its making and its arrival here", () => {
    const agenda = new Agenda(catchUpMs);
    const made = trigger("at(2026-11-23T12:00:00)", { createdAtMs: noonMs - 50 });
    agenda.set(triggerId, made, noonMs + 50);
    expect(dueTimes(agenda, noonMs + 50)).toEqual([noonMs]);
  });

  it("counts the periods of rate() from the trigger's making", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("rate(5 minutes)", { createdAtMs: noonMs - 7 }), noonMs);
    expect(agenda.nextDueMs()).toBe(noonMs - 7 + 5 * MINUTE_MS);
  });

  it("hands out an at() once and keeps it as done", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("at(2026-11-23T12:00:00)"), noonMs - MINUTE_MS);
    expect(dueTimes(agenda, noonMs)).toEqual([noonMs]);
    expect([agenda.nextDueMs(), agenda.size]).toEqual([undefined, 1]);
  });

  it("fires the last missed time only, after a machine slept for days", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("cron(* * * * ? *)"), noonMs);
    const lateMs = noonMs + 3 * 24 * 60 * MINUTE_MS + 5 * SECOND_MS;
    expect(dueTimes(agenda, lateMs)).toEqual([lateMs - 5 * SECOND_MS]);
  });

  it("reports a time as missed when it is too long ago", () => {
    const agenda = new Agenda(catchUpMs);
    agenda.set(triggerId, trigger("cron(0 12 * * ? *)"), noonMs - MINUTE_MS);
    const { due, missed } = agenda.takeDue(noonMs + 60 * MINUTE_MS);
    expect([due, missed.map(({ dueMs }) => dueMs)]).toEqual([[], [noonMs]]);
  });

  it("follows changes, and keeps the place of a trigger that did not change", () => {
    const agenda = new Agenda(catchUpMs);
    const made = trigger("cron(0/5 * * * ? *)");
    agenda.set(triggerId, made, noonMs - 1);
    agenda.set(triggerId, { ...made }, noonMs + 10);
    expect(agenda.nextDueMs()).toBe(noonMs);
    agenda.set(triggerId, { ...made, expression: "cron(7 * * * ? *)" }, noonMs + 10);
    expect(agenda.nextDueMs()).toBe(noonMs + 7 * MINUTE_MS);
    agenda.set(triggerId, { ...made, enabled: false }, noonMs + 10);
    expect(agenda.nextDueMs()).toBeUndefined();
  });

  it("leaves out a trigger whose expression is none", () => {
    const agenda = new Agenda(catchUpMs);
    expect(() => agenda.set(triggerId, trigger("cron(* * *)"), noonMs)).toThrow(
      "Parameter ScheduleExpression is not valid.",
    );
    expect(agenda.size).toBe(0);
  });

  it("never hands out a due time twice, one in the future, or one outside of the window", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 10 * MINUTE_MS }), { maxLength: 50 });
    const expressions = fc.constantFrom(
      "rate(1 minute)",
      "cron(0/3 * * * ? *)",
      "cron(* 12 * * ? *)",
    );
    fc.assert(
      fc.property(expressions, steps, (expression, pauses) => {
        const agenda = new Agenda(catchUpMs);
        let nowMs = noonMs;
        agenda.set(triggerId, trigger(expression), nowMs, { wasThere: true });
        const seen: number[] = [];
        for (const pauseMs of pauses) {
          nowMs += pauseMs;
          for (const dueMs of dueTimes(agenda, nowMs)) {
            expect(seen).not.toContain(dueMs);
            expect(dueMs).toBeLessThanOrEqual(nowMs);
            expect(dueMs).toBeGreaterThanOrEqual(nowMs - catchUpMs);
            seen.push(dueMs);
          }
          expect(agenda.nextDueMs() ?? Infinity).toBeGreaterThan(nowMs);
        }
      }),
    );
  });
});
