/** The intake against ports in memory: what is acknowledged when. */
import type { AsyncInvocation, NatsTrigger } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { TriggerBook } from "./core/trigger-book.ts";
import { EventIntake } from "./event-intake.ts";
import { streamsLimits } from "./limits.ts";
import type { ReceivedEvent } from "./ports.ts";

const scope = { region: "us-east-1", accountId: "000000000000" };

function trigger(functionName: string, subject: string): NatsTrigger {
  const triggerId = `${functionName.padStart(8, "0")}-0000-4000-8000-000000000000`;
  const common = { triggerId, functionName, enabled: true, createdAtMs: 0 };
  return { ...common, kind: "nats", subject };
}

function workshop(
  triggers: readonly NatsTrigger[],
  refuses: (invocation: AsyncInvocation) => boolean = () => false,
) {
  const book = new TriggerBook();
  for (const one of triggers) book.set(one.triggerId, one);
  const log: string[] = [];
  const accepted: { invocation: AsyncInvocation; event: string }[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const intake = new EventIntake({
    triggers: book,
    scope,
    accepted: {
      async accept(invocation, event) {
        underWay += 1;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        if (refuses(invocation)) throw new Error("full");
        accepted.push({ invocation, event: Buffer.from(event).toString() });
        log.push(`accepted ${invocation.functionName}`);
      },
    },
    report: {
      poison: ({ path }, reason, count) => log.push(`poison ${path}: ${reason} (${count})`),
      refused: ({ path }) => log.push(`refused ${path}`),
    },
  });
  const event = (path: string, payload: string, streamSequence = 1): ReceivedEvent => ({
    path,
    payload: Buffer.from(payload),
    streamSequence,
    storedAtMs: 1_790_000_000_000,
    ack: () => log.push(`ack ${path}`),
    retry: () => log.push(`retry ${path}`),
    extend: () => log.push(`extend ${path}`),
  });
  return { intake, event, log, accepted, mostUnderWay: () => mostUnderWay };
}

describe("EventIntake", () => {
  it("acknowledges an event after all of its matches were accepted", async () => {
    const { intake, event, log } = workshop([
      trigger("one", "orders.*"),
      trigger("two", "orders.>"),
      trigger("three", "bills.*"),
    ]);
    await intake.handle([event("orders.created", "{}")]);
    expect(log.slice(0, 2).sort()).toEqual(["accepted one", "accepted two"]);
    expect(log.slice(2)).toEqual(["ack orders.created"]);
  });

  it("asks for the same request ids when an event is delivered again", async () => {
    const { intake, event, accepted } = workshop([trigger("one", ">"), trigger("two", ">")]);
    await intake.handle([event("a.b", "{}")]);
    await intake.handle([event("a.b", "{}"), event("a.b", "{}", 2)]);
    const ids = accepted.map(({ invocation }) => invocation.requestId);
    expect(ids.slice(2, 4)).toEqual(ids.slice(0, 2));
    expect(new Set(ids).size).toBe(4);
  });

  it("gives every function the event document and says what fired it", async () => {
    const { intake, event, accepted } = workshop([trigger("one", "orders.*")]);
    await intake.handle([event("orders.created", '{"id":1}')]);
    expect(JSON.parse(accepted[0]?.event ?? "")).toMatchObject({
      "detail-type": "created",
      source: "orders",
      detail: { id: 1 },
    });
    expect(accepted[0]?.invocation).toMatchObject({
      functionName: "one",
      trigger: "nats-event",
      triggerDetail: "events.orders.created",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:one",
    });
  });

  it("drops an unreadable event that somebody listens to, and counts it", async () => {
    const { intake, event, log } = workshop([trigger("one", "orders.*")]);
    await intake.handle([event("orders.created", "{"), event("orders.paid", "no")]);
    expect(log).toEqual([
      "poison orders.created: the payload is not JSON (1)",
      "ack orders.created",
      "poison orders.paid: the payload is not JSON (2)",
      "ack orders.paid",
    ]);
  });

  it("does not read an event that nobody listens to", async () => {
    const { intake, event, log } = workshop([trigger("one", "orders.*")]);
    await intake.handle([event("noise", "{")]);
    expect(log).toEqual(["ack noise"]);
  });

  it("sends an event back when one of its matches is refused, and acknowledges the others", async () => {
    const isTwo = ({ functionName }: AsyncInvocation) => functionName === "two";
    const { intake, event, log } = workshop([trigger("one", ">"), trigger("two", "b.*")], isTwo);
    const handled = intake.handle([event("a.x", "{}"), event("b.x", "{}")]);
    intake.stop();
    await handled;
    expect(log.filter((line) => /^(ack|retry|refused)/.test(line)).sort()).toEqual([
      "ack a.x",
      "refused b.x",
      "retry b.x",
    ]);
  });

  it("keeps a bounded number of publications under way, whatever one event matches", async () => {
    const many = Array.from({ length: 1000 }, (_, n) => trigger(`f${n}`, ">"));
    const { intake, event, accepted, mostUnderWay } = workshop(many);
    await intake.handle([event("a.b", "{}")]);
    expect(accepted.length).toBe(1000);
    expect(mostUnderWay()).toBe(streamsLimits.publicationsUnderWay);
  });
});
