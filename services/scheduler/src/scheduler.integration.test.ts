/** Scenario: schedules in the bucket `triggers` of a real server; only the clock is ours. */
import {
  type Bus,
  connectBus,
  consume,
  consumers,
  type DurableSubscription,
  ensureStreams,
  openTriggers,
} from "@paddock/bus";
import type { AsyncInvocation, ScheduleTrigger } from "@paddock/contracts";
import { createLogger, type RunningService } from "@paddock/service-kit";
import { eventually, startNats, type TestServer } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startScheduler } from "./app.ts";
import { ManualClock } from "./manual-clock.fixture.ts";

const password = "secret-of-the-test";
const scope = { region: "us-east-1", accountId: "000000000000" };
const logger = createLogger("scheduler", "silent");
const noonMs = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;

let server: TestServer;
let peer: Bus;
let router: DurableSubscription;
let arrived: { invocation: AsyncInvocation; event: string }[];
let running: RunningService[];

const join = (name: string): Promise<Bus> =>
  connectBus({ url: server.url, user: "paddock", password, name });

async function startService(clock: ManualClock): Promise<RunningService> {
  const bus = await join("scheduler");
  const service = await startScheduler(scope, { bus, logger, clock });
  running.push(service);
  return service;
}

beforeEach(async () => {
  server = await startNats({ password });
  peer = await join("peer");
  await ensureStreams(peer);
  arrived = [];
  running = [];
  // Stands in the router's place: takes what was accepted.
  router = await consume(peer, consumers.router, {
    batch: 100,
    handler: async (messages) => {
      for (const message of messages) {
        const event = Buffer.from(message.payload).toString();
        arrived.push({ invocation: message.document, event });
        message.ack();
      }
    },
  });
});

afterEach(async () => {
  for (const service of running) await service.stop();
  await router.stop();
  await peer.close();
  await server.stop();
});

const hourly: ScheduleTrigger = {
  triggerId: "0b6c1e7e-6f0e-4b60-9f2e-1d2f3a4b5c6d",
  functionName: "tick",
  enabled: true,
  createdAtMs: 0,
  kind: "schedule",
  expression: "cron(0 * * * ? *)",
  timeZone: "Europe/Berlin",
};
/** Fires after the others: once it has arrived, they all have. */
const last: ScheduleTrigger = {
  ...hourly,
  triggerId: "ffffffff-6f0e-4b60-9f2e-1d2f3a4b5c6d",
  functionName: "last",
  expression: "at(2026-11-23T15:30:00)",
  timeZone: "UTC",
  input: '{"constant": true}',
};

describe("scheduler", () => {
  it("fires each due time once, however many schedulers run", async () => {
    await openTriggers(peer).put(hourly.triggerId, hourly);
    await openTriggers(peer).put(last.triggerId, last);
    const clocks = [new ManualClock(noonMs + 60_000), new ManualClock(noonMs + 60_000)];
    for (const clock of clocks) await startService(clock);
    for (const clock of clocks) clock.advanceTo(noonMs + 4 * HOUR_MS - 1);
    await eventually(() => expect(arrived.map(functionOf)).toContain("last"));
    await eventually(() =>
      expect(arrived.map(functionOf).sort()).toEqual(["last", "tick", "tick", "tick"]),
    );
    expect(arrived.find((one) => functionOf(one) === "last")?.event).toBe('{"constant": true}');
  });

  it("fires a time that was due while it was down, and not again after another restart", async () => {
    await openTriggers(peer).put(hourly.triggerId, hourly);
    const first = await startService(new ManualClock(noonMs - 10_000));
    await first.stop();
    const second = await startService(new ManualClock(noonMs + 10_000));
    await eventually(() => expect(arrived).toHaveLength(1));
    await second.stop();
    running = [];
    await openTriggers(peer).put(last.triggerId, {
      ...last,
      expression: "at(2026-11-23T12:00:20)",
    });
    const third = new ManualClock(noonMs + 15_000);
    await startService(third);
    third.advanceTo(noonMs + 21_000);
    await eventually(() => expect(arrived.map(functionOf)).toContain("last"));
    expect(arrived.map(functionOf)).toEqual(["tick", "last"]);
  });

  it("does not fire again after NATS was restarted and has forgotten the message id", async () => {
    // The meter's part: only what both have acknowledged leaves the stream, and its id with it.
    const meter = await consume(peer, consumers.meter, {
      batch: 100,
      handler: async (messages) => {
        for (const message of messages) message.ack();
      },
    });
    await openTriggers(peer).put(hourly.triggerId, hourly);
    const first = await startService(new ManualClock(noonMs + 10_000));
    await eventually(() => expect(arrived).toHaveLength(1));
    await first.stop();
    running = [];
    await server.restart();
    await eventually(() => openTriggers(peer).get(hourly.triggerId), { timeoutMs: 25_000 });
    await openTriggers(peer).put(last.triggerId, {
      ...last,
      expression: "at(2026-11-23T12:00:20)",
    });
    const clock = new ManualClock(noonMs + 15_000);
    await startService(clock);
    clock.advanceTo(noonMs + 21_000);
    await eventually(() => expect(arrived.map(functionOf)).toContain("last"), {
      timeoutMs: 20_000,
    });
    expect(arrived.map(functionOf)).toEqual(["tick", "last"]);
    await meter.stop();
  }, 60_000);

  it("does not fire what was due too long ago", async () => {
    await openTriggers(peer).put(hourly.triggerId, hourly);
    await openTriggers(peer).put(last.triggerId, {
      ...last,
      expression: "at(2026-11-23T12:10:30)",
    });
    const clock = new ManualClock(noonMs + 600_000);
    await startService(clock);
    clock.advanceTo(noonMs + 660_000);
    await eventually(() => expect(arrived.map(functionOf)).toEqual(["last"]));
  });

  it("follows triggers while it runs", async () => {
    const clock = new ManualClock(noonMs + 1);
    await startService(clock);
    expect(clock.ringsAtMs).toBeUndefined();
    await openTriggers(peer).put(hourly.triggerId, hourly);
    await eventually(() => expect(clock.ringsAtMs).toBeDefined());
    clock.advanceTo(noonMs + HOUR_MS);
    await eventually(() => expect(arrived.map(functionOf)).toEqual(["tick"]));
    await openTriggers(peer).delete(hourly.triggerId);
    await eventually(() => expect(clock.ringsAtMs).toBeUndefined());
  });

  it("fires once NATS is back, when it was away at the due time", async () => {
    await openTriggers(peer).put(hourly.triggerId, hourly);
    const clock = new ManualClock(noonMs - 10_000);
    await startService(clock);
    await server.kill();
    clock.advanceTo(noonMs);
    await server.restart();
    await eventually(() => expect(arrived.map(functionOf)).toEqual(["tick"]), {
      timeoutMs: 25_000,
    });
  });
});

function functionOf(one: { readonly invocation: AsyncInvocation }): string {
  return one.invocation.functionName;
}
