/** The alarm with a clock that stands still until it is moved. */
import type { AsyncInvocation, ScheduleTrigger } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { Alarm } from "./alarm.ts";
import { schedulerLimits } from "./limits.ts";
import { ManualClock } from "./manual-clock.fixture.ts";

const MINUTE_MS = 60_000;
const noonMs = Date.UTC(2026, 10, 23, 12);
const triggerId = "0b6c1e7e-6f0e-4b60-9f2e-1d2f3a4b5c6d";
const everyHour: ScheduleTrigger = {
  triggerId,
  functionName: "tick",
  qualifier: "live",
  enabled: true,
  createdAtMs: 0,
  kind: "schedule",
  expression: "cron(0 * * * ? *)",
  timeZone: "UTC",
};

function workshop(nowMs: number, refusals = 0) {
  const clock = new ManualClock(nowMs);
  const accepted: { invocation: AsyncInvocation; event: string }[] = [];
  const log: string[] = [];
  let left = refusals;
  const alarm = new Alarm({
    clock,
    scope: { region: "us-east-1", accountId: "000000000000" },
    accepted: {
      accept(invocation, event) {
        left -= 1;
        if (left >= 0) return Promise.reject(new Error("full"));
        accepted.push({ invocation, event: Buffer.from(event).toString() });
        return Promise.resolve();
      },
    },
    memory: { firedUpToMs: () => 0, remember: () => Promise.resolve() },
    report: {
      fired: (_, dueMs) => log.push(`fired ${dueMs - noonMs}`),
      missed: (_, dueMs) => log.push(`missed ${dueMs - noonMs}`),
      refused: (_, dueMs, _error, isFinal) => log.push(`refused ${dueMs - noonMs} ${isFinal}`),
    },
  });
  return { alarm, clock, accepted, log };
}

describe("Alarm", () => {
  it("sets no timer while nothing will be due", () => {
    const { alarm, clock } = workshop(noonMs);
    alarm.start();
    expect(clock.ringsAtMs).toBeUndefined();
    alarm.set(triggerId, { ...everyHour, expression: "at(2020-01-01T00:00:00)" });
    expect(clock.ringsAtMs).toBeUndefined();
  });

  it("sleeps until the next due time, but not longer than a clock may be wrong", () => {
    const { alarm, clock } = workshop(noonMs + 1);
    alarm.start();
    alarm.set(triggerId, everyHour);
    expect(clock.ringsAtMs).toBe(noonMs + 1 + schedulerLimits.timerMs);
    clock.advanceTo(noonMs + 60 * MINUTE_MS - 10);
    expect(clock.ringsAtMs).toBe(noonMs + 60 * MINUTE_MS);
  });

  it("fires when due, with the Scheduled Event and an id made of trigger and time", async () => {
    const { alarm, clock, accepted } = workshop(noonMs - MINUTE_MS);
    alarm.set(triggerId, everyHour);
    alarm.start();
    clock.advanceTo(noonMs + 120 * MINUTE_MS);
    await alarm.stop();
    expect(accepted.map(({ invocation }) => invocation.functionName)).toEqual([
      "tick",
      "tick",
      "tick",
    ]);
    expect(new Set(accepted.map(({ invocation }) => invocation.requestId)).size).toBe(3);
    expect(accepted[0]?.invocation).toMatchObject({
      trigger: "schedule",
      triggerDetail: triggerId,
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:tick:live",
    });
    expect(JSON.parse(accepted[0]?.event ?? "")).toMatchObject({
      "detail-type": "Scheduled Event",
      time: "2026-11-23T12:00:00Z",
    });
  });

  it("asks for the same request id as another scheduler, and as itself after a restart", async () => {
    const ids: (string | undefined)[] = [];
    for (const startMs of [noonMs - 5, noonMs + 20_000]) {
      const { alarm, clock, accepted } = workshop(startMs);
      alarm.set(triggerId, everyHour);
      alarm.start();
      clock.advanceTo(noonMs + 30_000);
      await alarm.stop();
      expect(accepted).toHaveLength(1);
      ids.push(accepted[0]?.invocation.requestId);
    }
    expect(ids[0]).toBe(ids[1]);
  });

  it("fires nothing after it was stopped", async () => {
    const { alarm, clock, accepted } = workshop(noonMs - 5);
    alarm.set(triggerId, everyHour);
    alarm.start();
    await alarm.stop();
    clock.advanceTo(noonMs + 5);
    expect([accepted, clock.ringsAtMs]).toEqual([[], undefined]);
  });

  it("tries a refused firing again, under the same request id", async () => {
    const { alarm, clock, accepted, log } = workshop(noonMs - 5, 1);
    alarm.set(triggerId, everyHour);
    alarm.start();
    clock.advanceTo(noonMs);
    await expect.poll(() => accepted.length, { timeout: 5000 }).toBe(1);
    expect(log).toEqual(["refused 0 false", "fired 0"]);
    await alarm.stop();
  });

  it("gives up a firing that was refused for too long, and says so", async () => {
    const { alarm, clock, accepted, log } = workshop(noonMs - 5, 2);
    alarm.set(triggerId, everyHour);
    alarm.start();
    clock.advanceTo(noonMs);
    clock.advanceTo(noonMs + schedulerLimits.refusedLateMs + 1);
    await expect.poll(() => log.at(-1)).toBe("refused 0 true");
    await alarm.stop();
    expect(accepted).toEqual([]);
  });
});
