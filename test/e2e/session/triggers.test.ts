/**
 * Scenario: functions that are called by what happens: events that any NATS client publishes,
 * messages and requests that name the function, and the clock.
 */
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionLimits } from "./support/limits.ts";
import { loggedDocuments } from "./support/report-lines.ts";
import { type Session, startSession } from "./support/stack.ts";

const onRecord = { timeoutMs: sessionLimits.onRecordMs, intervalMs: 200 };
const SECOND_MS = 1000;
const REQUEST_TIMEOUT_MS = 10_000;
const logEvent = {
  "index.mjs": `export const handler = async (event) => {
    console.log(JSON.stringify(event));
    return { got: event };
  };`,
};

let session: Session;
let nats: NatsConnection;

beforeAll(async () => {
  session = await startSession();
  // Nothing but the address: the stranger has no password.
  nats = await connect({ servers: session.paddock.access.natsUrl });
});

afterAll(async () => {
  await nats.close();
  await session.paddock.stop();
});

/** Documents that the function was given, and one line per invocation on record. */
async function whatRan(name: string): Promise<{ documents: unknown[]; states: string[] }> {
  const all = await session.invocationsOf(name);
  return {
    documents: all.flatMap(({ logLines }) => loggedDocuments(logLines)),
    states: all.map(({ invocation }) => `${invocation.trigger ?? ""} ${invocation.state}`),
  };
}

describe("events.<source>.<type>", () => {
  it("runs a subscribed function once for each event, with EventBridge's document", async () => {
    await session.createFunction("shipping", { files: logEvent });
    await session.paddock.cli("trigger", "add", "shipping", "--nats", "events.orders.>");
    for (const id of [1, 2, 3]) nats.publish("events.orders.created", JSON.stringify({ id }));
    nats.publish("events.invoices.created", "{}");
    nats.publish("events.orders.line.changed", '{"id":4}');
    await nats.flush();
    const { documents, states } = await eventually(async () => {
      const ran = await whatRan("shipping");
      expect(ran.documents).toHaveLength(4);
      return ran;
    }, onRecord);
    expect(states).toEqual(Array.from({ length: 4 }, () => "nats-event succeeded"));
    const byId = documents.map((each) => each as { detail: { id: number } }); // As published above.
    byId.sort((one, other) => one.detail.id - other.detail.id);
    const common = {
      version: "0",
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      source: "orders",
      account: "000000000000",
      region: "us-east-1",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    };
    const created = {
      ...common,
      "detail-type": "created",
      resources: ["events.orders.created"],
    };
    expect(byId).toEqual([
      ...[1, 2, 3].map((id) => ({ ...created, detail: { id } })),
      {
        ...common,
        "detail-type": "line.changed",
        resources: ["events.orders.line.changed"],
        detail: { id: 4 },
      },
    ]);
  });

  it("does not run a function for an event that its filter refuses", async () => {
    await session.createFunction("domestic", { files: logEvent });
    const filter = '{"detail":{"country":["DE"],"total":[{"numeric":[">=",100]}]}}';
    const subject = "events.sales.closed";
    await session.paddock.cli("trigger", "add", "domestic", "--nats", subject, "--filter", filter);
    // The stream keeps their order: when the last one has run, the others have been looked at.
    nats.publish(subject, '{"country":"FR","total":500}');
    nats.publish(subject, '{"country":"DE","total":99}');
    nats.publish(subject, '{"country":"DE","total":100}');
    const { documents } = await eventually(async () => {
      const ran = await whatRan("domestic");
      expect(ran.documents).not.toEqual([]);
      return ran;
    }, onRecord);
    expect(documents).toMatchObject([{ detail: { country: "DE", total: 100 } }]);
  });

  it("does not run a function whose trigger was removed", async () => {
    await session.createFunction("retired", { files: logEvent });
    await session.createFunction("witness", { files: logEvent });
    const subject = "events.parting.said";
    const added = await session.paddock.cli("trigger", "add", "retired", "--nats", subject);
    await session.paddock.cli("trigger", "rm", added.split(" ")[0] ?? "");
    await session.paddock.cli("trigger", "add", "witness", "--nats", subject);
    nats.publish(subject, "{}");
    await eventually(async () => {
      expect((await whatRan("witness")).states).toEqual(["nats-event succeeded"]);
    }, onRecord);
    expect((await whatRan("retired")).states).toEqual([]);
  });
});

describe("invoke.<function>", () => {
  it("answers a request with what the function returned", async () => {
    await session.createFunction("called", { files: logEvent });
    const options = { timeout: REQUEST_TIMEOUT_MS };
    const reply = await nats.request("invoke.called", '{"by":"request"}', options);
    expect(reply.json()).toEqual({ got: { by: "request" } });
    expect(reply.headers?.get("X-Paddock-Status")).toBe("200");
  });

  it("takes a message as an asynchronous invocation", async () => {
    nats.publish("invoke.called", '{"by":"message"}');
    await eventually(async () => {
      const { documents } = await whatRan("called");
      expect(documents).toEqual([{ by: "request" }, { by: "message" }]);
    }, onRecord);
  });

  it("answers a request for a function that does not exist with Lambda's error", async () => {
    const reply = await nats.request("invoke.nobody", "{}", { timeout: REQUEST_TIMEOUT_MS });
    expect(reply.headers?.get("x-amzn-ErrorType")).toBe("ResourceNotFoundException");
    expect(reply.headers?.get("X-Paddock-Status")).toBe("404");
  });

  it("does not let strangers read what services say to each other", async () => {
    const stranger = await connect({ servers: session.paddock.access.natsUrl });
    const refused = new Promise((resolve) => {
      stranger.subscribe("paddock.>", { callback: (error) => resolve(error?.message) });
    });
    expect(await refused).toMatch(/permissions violation/i);
    await stranger.close();
  });
});

describe("the clock", () => {
  it("runs a function at a moment a few seconds ahead, with the Scheduled Event", async () => {
    await session.createFunction("alarm", { files: logEvent });
    const at = new Date(Date.now() + 4 * SECOND_MS).toISOString().slice(0, 19);
    await session.paddock.cli("trigger", "add", "alarm", "--schedule", `at(${at})`);
    const { documents, states } = await eventually(async () => {
      const ran = await whatRan("alarm");
      expect(ran.documents).not.toEqual([]);
      return ran;
    }, onRecord);
    expect(states).toEqual(["schedule succeeded"]);
    expect(documents).toMatchObject([{ "detail-type": "Scheduled Event", time: `${at}Z` }]);
  });

  it("takes rate and cron expressions, and lists what was asked for", async () => {
    await session.createFunction("regular", { files: logEvent });
    const add = (...args: readonly string[]) =>
      session.paddock.cli("trigger", "add", "regular", "--schedule", ...args);
    await add("rate(1 minute)");
    await add("cron(0 9 * * ? *)", "--timezone", "Europe/Berlin");
    const listed = await session.paddock.cli("trigger", "ls", "--function", "regular");
    expect(listed).toMatch(/ regular +schedule +on +rate\(1 minute\) UTC$/m);
    expect(listed).toMatch(/ regular +schedule +on +cron\(0 9 \* \* \? \*\) Europe\/Berlin$/m);
    await expect(add("rate(0 minutes)")).rejects.toThrow(/rate/);
  });
});
