/** Usage records, fates and accepted events on their way into a real database, and twice. */
import { randomUUID } from "node:crypto";
import { type Bus, channels, connectBus, ensureStreams, publishDurable } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import { createLogger, type RunningService } from "@paddock/service-kit";
import { type Database, getInvocation, openDatabase, summariseUsage } from "@paddock/store";
import { eventually, startNats, startPostgres, type TestServer } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMeter } from "./app.ts";

const password = "a-password-of-the-tests";
let nats: TestServer;
let postgres: TestServer;
let bus: Bus;
let database: Database;
let meter: RunningService;

const connect = (): Promise<Bus> =>
  connectBus({ url: nats.url, user: "paddock", password, name: "test" });
const open = (): Promise<Database> => openDatabase({ url: postgres.url, name: "test" });
const start = async (): Promise<RunningService> =>
  startMeter({
    bus: await connect(),
    database: await open(),
    logger: createLogger("meter", "silent"),
  });

beforeAll(async () => {
  [nats, postgres] = await Promise.all([startNats({ password }), startPostgres()]);
  bus = await connect();
  await ensureStreams(bus);
  database = await open();
  meter = await start();
}, 60_000);
afterAll(async () => {
  await meter.stop();
  await Promise.all([bus.close(), database.close()]);
  await Promise.all([nats.stop(), postgres.stop()]);
}, 60_000);

function usage(functionName: string, requestId: string = randomUUID()): UsageRecord {
  const nowMs = Date.now();
  return {
    requestId,
    attempt: 1,
    functionName,
    version: "$LATEST",
    trigger: "invoke-api",
    invocationType: "RequestResponse",
    memoryMb: 1024,
    architecture: "x86_64",
    ephemeralStorageMb: 512,
    initMs: 0,
    durationMs: 10,
    billedMs: 10,
    peakMemoryMb: 40,
    outcome: "succeeded",
    workerId: "worker-1",
    environmentId: "0".repeat(32),
    isolation: "bubblewrap",
    logGroup: `/aws/lambda/${functionName}`,
    logStream: "s",
    acceptedAtMs: nowMs,
    startedAtMs: nowMs,
    finishedAtMs: nowMs + 10,
  };
}

const send = (records: UsageRecord[]): Promise<unknown> =>
  publishDurable(bus, channels.usage, {}, { records }, undefined, { messageId: randomUUID() });
const requestsOf = async (functionName: string): Promise<number> => {
  const summary = await summariseUsage(database, { functionName, sinceMs: 0 });
  return summary.reduce((sum, row) => sum + row.requests, 0);
};

describe("the meter", () => {
  it("counts a usage record once that comes in two messages", async () => {
    const record = usage("twice");
    await send([record]);
    await send([record, usage("twice")]);
    await eventually(async () => expect(await requestsOf("twice")).toBe(2));
  });

  it("puts together acceptance, attempt and fate, in whatever order they come", async () => {
    const requestId = randomUUID();
    const functionName = "ordered";
    const fate = {
      requestId,
      functionName,
      fate: "succeeded",
      attempts: 1,
      decidedAtMs: Date.now(),
    } as const;
    const messageId = (): { messageId: string } => ({ messageId: randomUUID() });
    await publishDurable(bus, channels.fate, {}, { records: [fate] }, undefined, messageId());
    await send([{ ...usage(functionName, requestId), invocationType: "Event" }]);
    const accepted = {
      requestId,
      functionName,
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:ordered",
      trigger: "nats-event",
      triggerDetail: "events.orders.created",
      traceHeader: "Root=1-0-0",
      acceptedAtMs: Date.now(),
    } as const;
    const event = Buffer.from("{}");
    await publishDurable(bus, channels.accepted, { functionName }, accepted, event, messageId());
    await eventually(async () => {
      const found = await getInvocation(database, requestId);
      expect(found?.invocation).toMatchObject({
        state: "succeeded",
        attempts: 1,
        trigger: "nats-event",
      });
    });
  });

  it("loses nothing while the database is away, and catches up", async () => {
    await postgres.kill("SIGINT");
    const records = Array.from({ length: 50 }, () => usage("patient"));
    await send(records.slice(0, 25));
    await send(records.slice(25));
    await postgres.restart();
    await eventually(async () => expect(await requestsOf("patient")).toBe(50), {
      timeoutMs: 30_000,
    });
  }, 60_000);

  it("goes on where another meter stopped", async () => {
    await meter.stop();
    await send([usage("handed-over")]);
    meter = await start();
    await eventually(async () => expect(await requestsOf("handed-over")).toBe(1));
  });
});
