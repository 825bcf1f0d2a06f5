import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { eventually, freePort } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bus } from "./bus.ts";
import { connectBus, linkOf } from "./connection.ts";
import { openCredentials } from "./kv.ts";
import { natsServerConfig } from "./server-config.ts";
import { ensureStreams } from "./streams.ts";
import { channels } from "./subjects.ts";

/** What a client without credentials can do on a server that runs with our configuration. */

let directory: string;
let server: ChildProcess;
let port: number;
let bus: Bus;
let outsider: NatsConnection;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "paddock-nats-config-"));
  port = await freePort();
  const file = join(directory, "nats.conf");
  const storeDirectory = join(directory, 'a "quoted" store');
  const settings = { host: "127.0.0.1", port, storeDirectory, password: "s3cret-$x" };
  await writeFile(file, natsServerConfig(settings));
  server = spawn("nats-server", ["--config", file], { stdio: "ignore" });
  bus = await connectBus({
    url: `nats://127.0.0.1:${port}`,
    user: "paddock",
    password: "s3cret-$x",
    name: "service",
  });
  await ensureStreams(bus);
  outsider = await connect({ servers: `127.0.0.1:${port}` });
}, 30_000);

afterAll(async () => {
  await outsider.close();
  await bus.close();
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
  await rm(directory, { recursive: true, force: true });
});

/** The error that the server gives for the last thing this client tried, if any. */
async function refusalOf(attempt: (client: NatsConnection) => void): Promise<string> {
  const client = await connect({ servers: `127.0.0.1:${port}` });
  const refusals: string[] = [];
  const listening = (async () => {
    for await (const status of client.status()) {
      if (status.type === "error") refusals.push(status.error.message);
    }
  })();
  attempt(client);
  await client.flush();
  await client.close();
  await listening;
  return refusals.join("; ");
}

describe("a client without credentials", () => {
  it("may publish events and invocations", async () => {
    const seen: string[] = [];
    const subscription = bus.subscribe(channels.invokeByName, {}, ({ address }) => {
      seen.push(address.functionName);
    });
    await bus.flush();
    outsider.publish("events.orders.created", "{}");
    outsider.publish("invoke.hello", "{}");
    const manager = await linkOf(bus).jetstream.jetstreamManager();
    await eventually(async () => {
      expect((await manager.streams.info("EVENTS")).state.messages).toBe(1);
      expect(seen).toEqual(["hello"]);
    });
    subscription.stop();
  });

  it.each([
    "paddock.accepted.hello",
    "paddock.ledger.usage",
    "paddock.router.admit",
    "$JS.API.STREAM.DELETE.ACCEPTED",
    "$KV.credentials.AKIA",
    "invoke.hello.more",
  ])("may not publish on %s", async (subject) => {
    expect(await refusalOf((client) => client.publish(subject, "{}"))).toMatch(
      /permissions violation/i,
    );
  });

  it.each(["events.>", "paddock.>", "$KV.>", "_PADDOCK_INBOX.>", ">"])(
    "may not subscribe to %s",
    async (subject) => {
      const refusal = await refusalOf((client) => {
        client.subscribe(subject, { callback: () => undefined });
      });
      expect(refusal).toMatch(/permissions violation/i);
    },
  );

  it("sees nothing of what services answer each other", async () => {
    const overheard: string[] = [];
    outsider.subscribe("_INBOX.>", {
      callback: (_error, message) => {
        overheard.push(message.subject);
      },
    });
    await outsider.flush();
    const credentials = openCredentials(bus);
    const accessKeyId = "AKIAABCDEFGHIJKLMNOP";
    await credentials.put(accessKeyId, {
      accessKeyId,
      secretAccessKey: "a-secret-that-nobody-reads",
      principalArn: "arn:aws:iam::000000000000:root",
      enabled: true,
    });
    const known: string[] = [];
    const watch = await credentials.watch(({ key }) => known.push(key));
    expect(known).toEqual([accessKeyId]);
    expect((await credentials.get(accessKeyId))?.enabled).toBe(true);
    watch.stop();
    await outsider.flush();
    expect(overheard).toEqual([]);
  });

  it("is told that its event is stored, and gets a service's answer", async () => {
    const gateway = bus.subscribe(channels.invokeByName, {}, (message) => {
      message.respond(undefined, Buffer.from(`ran ${message.address.functionName}`), {
        "X-A": "1",
      });
    });
    await bus.flush();
    const stored = await outsider.request("events.orders.created", "{}", { timeout: 5_000 });
    expect(stored.json()).toMatchObject({ stream: "EVENTS" });
    const answer = await outsider.request("invoke.hello", "{}", { timeout: 5_000 });
    expect(answer.string()).toBe("ran hello");
    expect(answer.headers?.get("X-A")).toBe("1");
    gateway.stop();
  });

  it("cannot have a service answer into an inner subject", async () => {
    const reached: string[] = [];
    const spy = bus.subscribe(channels.queued, {}, ({ address }) => {
      reached.push(address.functionName);
    });
    let answers = 0;
    const gateway = bus.subscribe(channels.invokeByName, {}, (message) => {
      message.respond(undefined, new Uint8Array());
      answers += 1;
    });
    await bus.flush();
    outsider.publish("invoke.hello", "{}", { reply: "paddock.queued.victim.LATEST" });
    await eventually(() => expect(answers).toBe(1));
    await bus.flush();
    expect(reached).toEqual([]);
    spy.stop();
    gateway.stop();
  });

  it("cannot purge a stream through the acknowledgement of an event", async () => {
    const { jetstream } = linkOf(bus);
    const manager = await jetstream.jetstreamManager();
    for (let count = 0; count < 3; count += 1) {
      await jetstream.publish(channels.accepted.subject({ functionName: "f" }), randomUUID());
    }
    const before = (await manager.streams.info("ACCEPTED")).state.messages;
    const eventsBefore = (await manager.streams.info("EVENTS")).state.last_seq;
    expect(before).toBe(3);
    for (const stream of ["ACCEPTED", "EVENTS"]) {
      for (let count = 0; count < 5; count += 1) {
        outsider.publish("events.attack.try", "{}", { reply: `$JS.API.STREAM.PURGE.${stream}` });
      }
    }
    await outsider.flush();
    const countOfEvents = async (): Promise<number> =>
      (await manager.streams.info("EVENTS")).state.last_seq;
    const stored = eventsBefore + 10;
    await eventually(async () => expect(await countOfEvents()).toBe(stored));
    await bus.flush();
    expect((await manager.streams.info("ACCEPTED")).state.messages).toBe(before);
    expect((await manager.streams.info("EVENTS")).state.first_seq).toBe(1);
  });
});
