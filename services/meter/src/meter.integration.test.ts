/** Usage records, fates and accepted events on their way into a real database, and twice. */
import { randomUUID } from "node:crypto";
import { channels, publishDurable } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import type { RunningService } from "@paddock/service-kit";
import { getInvocation } from "@paddock/store";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installation, startInstallation, usage } from "./meter.fixture.ts";

let installation: Installation;
let meter: RunningService;

beforeAll(async () => {
  installation = await startInstallation();
  meter = await installation.startService();
}, 60_000);
afterAll(async () => {
  await meter.stop();
  await installation.stop();
}, 60_000);

const send = (records: UsageRecord[]) => installation.send(records);
const requestsOf = async (functionName: string) =>
  (await installation.totals(functionName)).requests;

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
    const { bus, database } = installation;
    const messageId = (): { messageId: string } => ({ messageId: randomUUID() });
    await publishDurable(bus, channels.fate, {}, { records: [fate] }, undefined, messageId());
    await send([usage(functionName, { requestId, invocationType: "Event" })]);
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
    await installation.postgres.kill("SIGINT");
    const records = Array.from({ length: 50 }, () => usage("patient"));
    await send(records.slice(0, 25));
    await send(records.slice(25));
    await installation.postgres.restart();
    await eventually(async () => expect(await requestsOf("patient")).toBe(50), {
      timeoutMs: 30_000,
    });
  }, 60_000);

  it("goes on where another meter stopped", async () => {
    await meter.stop();
    await send([usage("handed-over")]);
    meter = await installation.startService();
    await eventually(async () => expect(await requestsOf("handed-over")).toBe(1));
  });
});
