/** Scenario: any NATS client publishes events; the service on a real server makes invocations. */
import { connect, type NatsConnection } from "@nats-io/transport-node";
import {
  type Bus,
  connectBus,
  consume,
  consumers,
  type DurableSubscription,
  ensureStreams,
  openTriggers,
} from "@paddock/bus";
import type { AsyncInvocation, NatsTrigger } from "@paddock/contracts";
import { createLogger, type RunningService } from "@paddock/service-kit";
import { eventually, startNats, type TestServer } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BusAccepted } from "./adapters/bus-accepted.ts";
import { consumeEvents } from "./adapters/bus-events.ts";
import { loggedReport } from "./adapters/logged-report.ts";
import { startStreams } from "./app.ts";
import { TriggerBook } from "./core/trigger-book.ts";
import { EventIntake } from "./event-intake.ts";

const password = "secret-of-the-test";
const scope = { region: "us-east-1", accountId: "000000000000" };
const logger = createLogger("streams", "silent");

let server: TestServer;
let peer: Bus;
let outside: NatsConnection;
let router: DurableSubscription;
let arrived: { invocation: AsyncInvocation; event: string }[];
let running: RunningService[];

function join(name: string): Promise<Bus> {
  return connectBus({ url: server.url, user: "paddock", password, name });
}

async function startService(): Promise<RunningService> {
  const service = await startStreams(scope, { bus: await join("streams"), logger });
  running.push(service);
  return service;
}

beforeEach(async () => {
  server = await startNats({ password });
  peer = await join("peer");
  await ensureStreams(peer);
  outside = await connect({ servers: server.url });
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
  await outside.close();
  await peer.close();
  await server.stop();
});

const order: NatsTrigger = {
  triggerId: "0b6c1e7e-6f0e-4b60-9f2e-1d2f3a4b5c6d",
  functionName: "on-order",
  enabled: true,
  createdAtMs: 0,
  kind: "nats",
  subject: "orders.>",
};

describe("streams", () => {
  it("makes an invocation of an event that an external client published", async () => {
    await openTriggers(peer).put(order.triggerId, order);
    await startService();
    outside.publish("events.orders.created", '{"id":1}');
    outside.publish("events.bills.created", '{"id":2}');
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.invocation).toMatchObject({
      functionName: "on-order",
      trigger: "nats-event",
    });
    expect(JSON.parse(arrived[0]?.event ?? "")).toMatchObject({
      source: "orders",
      "detail-type": "created",
      detail: { id: 1 },
      resources: ["events.orders.created"],
    });
  });

  it("follows triggers while it runs, and applies their filters", async () => {
    await startService();
    const filterPattern = '{"detail":{"total":[{"numeric":[">",100]}]}}';
    await openTriggers(peer).put(order.triggerId, { ...order, filterPattern });
    // The watch is asynchronous: publish until the first one comes through.
    await eventually(() => {
      outside.publish("events.orders.paid", '{"total":101}');
      return arrived.length > 0;
    });
    const before = arrived.length;
    outside.publish("events.orders.paid", '{"total":5}');
    outside.publish("events.orders.paid", '{"total":999,"last":true}');
    await eventually(() => expect(arrived.at(-1)?.event).toContain('"last":true'));
    expect(arrived.filter(({ event }) => event.includes('"total":5}'))).toEqual([]);
    expect(arrived.length).toBeGreaterThan(before);
  });

  it("makes one invocation of an event that was delivered again after a lost acknowledgement", async () => {
    await openTriggers(peer).put(order.triggerId, order);
    const triggers = new TriggerBook();
    triggers.set(order.triggerId, order);
    const dying = await join("dying");
    const report = loggedReport(logger);
    const intake = new EventIntake({ triggers, accepted: new BusAccepted(dying), report, scope });
    let deliveries = 0;
    const subscription = await consumeEvents(dying, async (events) => {
      deliveries += events.length;
      // It dies between the publication and the acknowledgement: nobody hears the latter.
      await intake.handle(events.map((event) => ({ ...event, ack: () => event.retry(0) })));
    });
    outside.publish("events.orders.created", '{"id":1}');
    await eventually(() => expect(deliveries).toBeGreaterThan(1));
    await subscription.stop();
    await dying.close();
    await startService();
    outside.publish("events.orders.created", '{"id":2}');
    await eventually(() =>
      expect(arrived.some(({ event }) => event.includes('{"id":2}'))).toBe(true),
    );
    expect(arrived.filter(({ event }) => event.includes('{"id":1}'))).toHaveLength(1);
    expect(arrived).toHaveLength(2);
  });

  it("shares the events among several services, each event going to one", async () => {
    await openTriggers(peer).put(order.triggerId, order);
    await startService();
    await startService();
    for (let id = 0; id < 500; id += 1) outside.publish("events.orders.created", `{"id":${id}}`);
    await eventually(() => expect(new Set(arrived.map(({ event }) => event)).size).toBe(500));
    expect(arrived).toHaveLength(500);
  });

  it("takes up, after an outage, the events that were published meanwhile", async () => {
    await openTriggers(peer).put(order.triggerId, order);
    const first = await startService();
    await first.stop();
    running = [];
    outside.publish("events.orders.created", '{"id":7}');
    await outside.flush();
    await startService();
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.event).toContain('{"id":7}');
  });

  it("goes on after the NATS server was killed and started again", async () => {
    await openTriggers(peer).put(order.triggerId, order);
    await startService();
    await server.kill();
    await server.restart();
    await eventually(
      () => {
        outside.publish("events.orders.created", '{"id":8}');
        return arrived.length > 0;
      },
      { timeoutMs: 20_000 },
    );
    expect(arrived[0]?.event).toContain('{"id":8}');
  });

  it("drops an unreadable event and goes on with the next", async () => {
    await openTriggers(peer).put(order.triggerId, order);
    await startService();
    outside.publish("events.orders.created", "{");
    outside.publish("events.orders.created", '{"id":9}');
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.event).toContain('{"id":9}');
  });
});
