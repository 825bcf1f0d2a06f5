import { createHash, randomUUID } from "node:crypto";
import { Objm } from "@nats-io/obj";
import type { AsyncInvocation } from "@paddock/contracts";
import {
  eventually,
  functionRecord,
  startNats,
  type TestServer,
  versionRecord,
} from "@paddock/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Bus } from "./bus.ts";
import { openCodeStore } from "./code-store.ts";
import { connectBus, linkOf } from "./connection.ts";
import { consume, publishDurable } from "./durable.ts";
import { type FunctionChange, watchFunctions } from "./functions.ts";
import { openFunctions } from "./kv.ts";
import { readLogs } from "./logs.ts";
import { consumers, ensureStreams } from "./streams.ts";
import { channels, codeBucket } from "./subjects.ts";

/** Streams, buckets and archives on a real server, through its restarts. */

let server: TestServer;
let bus: Bus;
beforeAll(async () => {
  server = await startNats({ password: "p" });
});
beforeEach(async () => {
  bus = await connectBus({ url: server.url, user: "paddock", password: "p", name: "test" });
  await ensureStreams(bus);
});
afterEach(() => bus.close());
afterAll(() => server.stop());

function asyncInvocation(functionName: string): AsyncInvocation {
  return {
    requestId: randomUUID(),
    functionName,
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    trigger: "invoke-api",
    traceHeader: "Root=1-0-0",
    acceptedAtMs: Date.now(),
  };
}

async function accept(functionName: string, event: string): Promise<string> {
  const invocation = asyncInvocation(functionName);
  const { requestId } = invocation;
  const payload = Buffer.from(event);
  await publishDurable(bus, channels.accepted, { functionName }, invocation, payload, {
    messageId: requestId,
  });
  return requestId;
}

describe("accepted events", () => {
  it("have their streams made by several services at the same time", async () => {
    await Promise.all([ensureStreams(bus), ensureStreams(bus), ensureStreams(bus)]);
    const manager = await linkOf(bus).jetstream.jetstreamManager();
    expect((await manager.streams.info("ACCEPTED")).state.consumer_count).toBe(2);
    expect((await manager.streams.info("LEDGER")).state.consumer_count).toBe(2);
  });

  it("reach both consumers, once for a message id, and are gone when both acknowledged", async () => {
    const invocation = asyncInvocation("f");
    const send = (): Promise<{ readonly duplicate: boolean }> =>
      publishDurable(bus, channels.accepted, { functionName: "f" }, invocation, Buffer.from("{}"), {
        messageId: invocation.requestId,
      });
    expect(await send()).toEqual({ duplicate: false });
    expect(await send()).toEqual({ duplicate: true });
    const seen: string[] = [];
    const stops = await Promise.all(
      [consumers.router, consumers.meter].map((consumer) =>
        consume(bus, consumer, {
          batch: 10,
          handler: async (messages) => {
            for (const message of messages) {
              seen.push(`${consumer.name}:${message.document.requestId}:${message.redeliveries}`);
              message.ack();
            }
          },
        }),
      ),
    );
    const { requestId } = invocation;
    await eventually(() =>
      expect(seen.toSorted()).toEqual([`meter:${requestId}:0`, `router:${requestId}:0`]),
    );
    const manager = await linkOf(bus).jetstream.jetstreamManager();
    await eventually(async () =>
      expect((await manager.streams.info("ACCEPTED")).state.messages).toBe(0),
    );
    for (const each of stops) await each.stop();
  });

  it("come in batches while the handler works, and again after a handler that rejects", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) ids.push(await accept("g", `{"n":${index}}`));
    const done = new Set<string>();
    let failures = 0;
    let largest = 0;
    const taking = await consume(bus, consumers.router, {
      batch: 16,
      handler: async (messages) => {
        largest = Math.max(largest, messages.length);
        if (failures === 0) {
          failures += 1;
          throw new Error("first batch fails");
        }
        for (const message of messages) {
          done.add(message.document.requestId);
          message.ack();
        }
      },
    });
    await eventually(() => expect([...done].toSorted()).toEqual(ids.toSorted()));
    expect(largest).toBeGreaterThan(1);
    expect(largest).toBeLessThanOrEqual(16);
    await taking.stop();
  });

  it("end where they do not fit their schema, so that others pass", async () => {
    const { jetstream } = linkOf(bus);
    await jetstream.publish(channels.accepted.subject({ functionName: "bad" }), "no frame");
    const requestId = await accept("good", "{}");
    const seen: string[] = [];
    const before = bus.malformedMessages;
    const taking = await consume(bus, consumers.router, {
      batch: 10,
      handler: async (messages) => {
        for (const message of messages) {
          seen.push(message.document.requestId);
          message.ack();
        }
      },
    });
    await eventually(() => expect(seen).toEqual([requestId]));
    expect(bus.malformedMessages).toBe(before + 1);
    await taking.stop();
  });
});

describe("logs", () => {
  it("are read in order with their position, then followed until aborted", async () => {
    const write = (functionName: string, message: string): Promise<unknown> => {
      const batch = {
        functionName,
        group: `/aws/lambda/${functionName}`,
        stream: "s",
        events: [{ timestampMs: 1, message }],
      };
      const messageId = randomUUID();
      return publishDurable(bus, channels.logs, { functionName }, batch, undefined, { messageId });
    };
    await write("logging", "one");
    await write("other", "not mine");
    await write("logging", "two");
    const past: string[] = [];
    for await (const { batch } of readLogs(bus, {
      functionName: "logging",
      startMs: 0,
      follow: false,
    })) {
      past.push(batch.events[0]?.message ?? "");
    }
    expect(past).toEqual(["one", "two"]);
    const abort = new AbortController();
    const followed: string[] = [];
    const following = (async () => {
      const options = { functionName: "logging", startMs: 0, follow: true, signal: abort.signal };
      for await (const { batch } of readLogs(bus, options)) {
        followed.push(batch.events[0]?.message ?? "");
      }
    })();
    await eventually(() => expect(followed).toEqual(["one", "two"]));
    await write("logging", "three");
    await eventually(() => expect(followed).toEqual(["one", "two", "three"]));
    abort.abort();
    await following;
  });

  it("end at once for a function that has written nothing", async () => {
    const batches = readLogs(bus, { functionName: "silent", startMs: 0, follow: false });
    expect((await batches.next()).done).toBe(true);
  });
});

describe("the directory of functions", () => {
  const put = async (functionName: string, configId: string, by: Bus = bus): Promise<void> => {
    const functions = openFunctions(by);
    await functions.put(
      { kind: "function", functionName },
      {
        kind: "function",
        record: functionRecord(functionName),
      },
    );
    await functions.put(
      { kind: "version", functionName, version: "$LATEST" },
      { kind: "version", record: versionRecord(functionName, { configId }) },
    );
  };

  it("is ready while no function exists, and follows what comes, changes and goes", async () => {
    const directory = watchFunctions(bus);
    await directory.ready;
    const changes: FunctionChange[] = [];
    directory.onChange((change) => changes.push(change));
    await put("alpha", "c1");
    await eventually(() => expect(directory.getVersion("alpha", "$LATEST")?.configId).toBe("c1"));
    await put("alpha", "c2");
    await eventually(() => expect(directory.getVersion("alpha", "$LATEST")?.configId).toBe("c2"));
    const functions = openFunctions(bus);
    await functions.delete({ kind: "version", functionName: "alpha", version: "$LATEST" });
    await functions.delete({ kind: "function", functionName: "alpha" });
    await eventually(() => expect(directory.getFunction("alpha")).toBeUndefined());
    expect(changes.at(-1)).toEqual({ functionName: "alpha", version: undefined, deleted: true });
    directory.stop();
  });

  it("has a function that was made a moment ago once it has arrived, and none that was not made", async () => {
    const directory = watchFunctions(bus);
    await directory.ready;
    const other = await connectBus({ url: server.url, user: "paddock", password: "p", name: "o" });
    for (let round = 0; round < 50; round += 1) {
      await put(`made-${round}`, "c1", other);
      expect(await directory.arrived(`made-${round}`)).toBe(true);
      expect(directory.getVersion(`made-${round}`, "$LATEST")).toBeDefined();
    }
    expect(await directory.arrived("never-made")).toBe(false);
    await other.close();
    directory.stop();
  });

  it("has a version and an alias that were made a moment ago once they have arrived", async () => {
    const directory = watchFunctions(bus);
    await directory.ready;
    const other = await connectBus({ url: server.url, user: "paddock", password: "p", name: "o" });
    const functionName = "grown";
    await put(functionName, "c1", other);
    const bucket = openFunctions(other);
    for (let round = 1; round <= 20; round += 1) {
      const version = String(round);
      const record = { ...versionRecord(functionName, { configId: "c1" }), version };
      await bucket.put({ kind: "version", functionName, version }, { kind: "version", record });
      expect(await directory.arrived(functionName, version)).toBe(true);
      expect(directory.getVersion(functionName, version)).toBeDefined();
      const aliases = { [`a-${round}`]: { version, additionalVersionWeights: {} } };
      await bucket.put(
        { kind: "function", functionName },
        {
          kind: "function",
          record: functionRecord(functionName, { aliases }),
        },
      );
      expect(await directory.arrived(functionName, `a-${round}`)).toBe(true);
      expect(directory.getFunction(functionName)?.aliases).toEqual(aliases);
    }
    expect(await directory.arrived(functionName, "21")).toBe(false);
    expect(await directory.arrived(functionName, "constructor")).toBe(false);
    await other.close();
    directory.stop();
  });

  it("knows which configurations were replaced, and by which", async () => {
    const directory = watchFunctions(bus);
    await directory.ready;
    const target = (configId: string) => ({
      functionName: "replaced",
      version: "$LATEST",
      configId,
    });
    for (const configId of ["c1", "c2", "c3"]) await put("replaced", configId);
    await eventually(() => {
      expect(directory.getVersion("replaced", "$LATEST")?.configId).toBe("c3");
    });
    const present = ["c1", "c2", "c3", "unheard-of"].map(
      (configId) => directory.currentTarget(target(configId)).configId,
    );
    expect(present).toEqual(["c3", "c3", "c3", "unheard-of"]);
    directory.stop();
  });

  it("tells how far it has come, after what its listeners did about it, and that it leaves", async () => {
    const heard: { followerId: string; revision: number; leaving: boolean }[] = [];
    const listening = bus.subscribe(channels.follower, {}, ({ address, document }) => {
      heard.push({ ...address, ...document });
    });
    const bucket = openFunctions(bus);
    const directory = watchFunctions(bus);
    await directory.ready;
    await eventually(() => expect(heard.length).toBeGreaterThan(0));
    const followerId = heard[0]?.followerId;
    expect(heard[0]?.revision).toBe(await bucket.lastRevision());
    const order: string[] = [];
    directory.onChange(() => order.push("changed"));
    await put("followed", "c1");
    const revision = await bucket.lastRevision();
    await eventually(() => {
      expect(heard.filter((word) => word.followerId === followerId).at(-1)?.revision).toBe(
        revision,
      );
    });
    expect(order).toEqual(["changed", "changed"]);
    directory.stop();
    await eventually(() => expect(heard.at(-1)).toEqual({ followerId, revision, leaving: true }));
    listening.stop();
  });

  it("knows everything that is there when it is ready, and goes on after the server died", async () => {
    await put("beta", "c1");
    const directory = watchFunctions(bus);
    await directory.ready;
    expect(directory.getVersion("beta", "$LATEST")?.configId).toBe("c1");
    expect([...directory.functions()].map((f) => f.functionName)).toContain("beta");
    let disconnects = 0;
    bus.onDisconnect(() => (disconnects += 1));
    await server.kill();
    await eventually(() => expect(bus.isConnected).toBe(false));
    await server.restart();
    await eventually(() => expect(bus.isConnected).toBe(true));
    expect(disconnects).toBe(1);
    await put("beta", "c2");
    await eventually(() => expect(directory.getVersion("beta", "$LATEST")?.configId).toBe("c2"), {
      timeoutMs: 30_000,
    });
    directory.stop();
  }, 60_000);
});

describe("after the server died", () => {
  it("a consumer goes on with what was accepted, and publishing works again", async () => {
    const seen = new Set<string>();
    const taking = await consume(bus, consumers.router, {
      batch: 10,
      handler: async (messages) => {
        for (const message of messages) {
          seen.add(message.document.requestId);
          message.ack();
        }
      },
    });
    const before = await accept("f", "{}");
    await eventually(() => expect(seen).toContain(before));
    await server.kill();
    const publishing = accept("f", "{}");
    await server.restart();
    const during = await publishing;
    const after = await accept("f", "{}");
    await eventually(() => expect([...seen]).toEqual([before, during, after]), {
      timeoutMs: 30_000,
    });
    await taking.stop();
  }, 60_000);
});

describe("the code store", () => {
  it("gives back what was put, once, and nothing after it was deleted", async () => {
    const store = openCodeStore(bus);
    const bytes = new Uint8Array(3 * 1024 * 1024).fill(9);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await store.get(sha256)).toBeUndefined();
    await store.put(sha256, bytes);
    await store.put(sha256, bytes);
    expect(Buffer.compare((await store.get(sha256)) ?? new Uint8Array(), bytes)).toBe(0);
    await store.delete(sha256);
    await store.delete(sha256);
    expect(await store.has(sha256)).toBe(false);
    expect(await store.get(sha256)).toBeUndefined();
  });

  it("refuses bytes under a name that is not their hash", async () => {
    const store = openCodeStore(bus);
    await expect(store.put("0".repeat(64), new Uint8Array(1))).rejects.toBeInstanceOf(RangeError);
  });

  it("does not hand out what is not what was asked for", async () => {
    const store = openCodeStore(bus);
    const sha256 = createHash("sha256").update("the code").digest("hex");
    const bucket = await new Objm(linkOf(bus).jetstream).open(codeBucket);
    await bucket.putBlob({ name: sha256 }, Buffer.from("something else"));
    await expect(store.get(sha256)).rejects.toThrow(`the archive ${sha256} is damaged`);
  });
});
