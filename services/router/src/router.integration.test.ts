import {
  type Bus,
  channels,
  connectBus,
  consume,
  consumers,
  ensureStreams,
  openFunctions,
  publishDurable,
} from "@paddock/bus";
import type { FateRecord, FunctionRecord, InvocationResult } from "@paddock/contracts";
import { connectQueue, type QueueConnection } from "@paddock/queue";
import { createLogger, type RunningService } from "@paddock/service-kit";
import {
  eventually,
  functionRecord,
  startNats,
  startRedis,
  type TestServer,
  versionRecord,
} from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startRouter } from "./app.ts";
import { routerLimits } from "./limits.ts";
import { asyncInvocation, syncInvocation, targetOf } from "./records.fixture.ts";
import { TestWorker, type TestWorkerOptions } from "./worker.fixture.ts";

/** The router on real NATS and Redis, with workers that keep the agreement without sandboxes. */

let nats: TestServer;
let redis: TestServer;
let bus: Bus;
let queue: QueueConnection;
const routers: RunningService[] = [];
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  [nats, redis] = await Promise.all([startNats({ password: "p" }), startRedis()]);
  bus = await connect();
  queue = await connectQueue({ url: redis.url, name: "test" });
});
afterEach(async () => {
  for (const router of routers.splice(0)) await router.stop();
  for (const stop of stops.splice(0)) await stop();
  await bus.close();
  await queue.close();
  await Promise.all([nats.stop(), redis.stop()]);
});

async function connect(): Promise<Bus> {
  const made = await connectBus({ url: nats.url, user: "paddock", password: "p", name: "test" });
  await ensureStreams(made);
  return made;
}

async function router(accountConcurrency = 1000): Promise<RunningService> {
  const started = await startRouter({
    bus: await connect(),
    queue: await connectQueue({ url: redis.url, name: "router" }),
    logger: createLogger("router", "silent"),
    accountConcurrency,
    keepAlivePolicy: "histogram",
  });
  routers.push(started);
  return started;
}

async function worker(
  workerId: string,
  over: Partial<TestWorkerOptions> = {},
): Promise<TestWorker> {
  const options = { bus, queue, workerId, memoryMb: 1024, answersAtOnce: true, ...over };
  return TestWorker.start(options);
}

async function deploy(functionName: string, over: Partial<FunctionRecord> = {}): Promise<void> {
  const functions = openFunctions(bus);
  await functions.put(
    { kind: "version", functionName, version: "$LATEST" },
    { kind: "version", record: versionRecord(functionName) },
  );
  await functions.put(
    { kind: "function", functionName },
    { kind: "function", record: functionRecord(functionName, over) },
  );
}

async function invoke(functionName: string): Promise<InvocationResult> {
  const payload = Buffer.from('"event"');
  const invocation = syncInvocation(functionName);
  const options = { timeoutMs: 20_000 };
  const reply = await bus.request(channels.admit, {}, invocation, payload, options);
  return reply.document;
}

async function accept(functionName: string): Promise<string> {
  const invocation = asyncInvocation({ functionName });
  const { requestId } = invocation;
  await publishDurable(bus, channels.accepted, { functionName }, invocation, Buffer.from("{}"), {
    messageId: requestId,
  });
  return requestId;
}

async function fates(): Promise<FateRecord[]> {
  const seen: FateRecord[] = [];
  const taking = await consume(bus, consumers.meterFate, {
    batch: 100,
    handler: async (messages) => {
      for (const message of messages) {
        seen.push(...message.document.records);
        message.ack();
      }
    },
  });
  stops.push(() => taking.stop());
  return seen;
}

describe("synchronous invocations", () => {
  it("get a new environment on a worker that answers the caller", async () => {
    await deploy("hello");
    await router();
    const one = await worker("w1");
    expect(await invoke("hello")).toMatchObject({ status: "completed" });
    expect(one.runs[0]?.placed.grant).toMatchObject({
      memoryMb: 128,
      reason: { kind: "first-request" },
    });
    expect((await queue.leases.counts()).total).toBe(1);
  });

  it("of a configuration that was replaced get an environment of the present one", async () => {
    await deploy("one");
    await router();
    const only = await worker("only");
    await openFunctions(bus).put(
      { kind: "version", functionName: "one", version: "$LATEST" },
      { kind: "version", record: versionRecord("one", { configId: "c2" }) },
    );
    await eventually(async () => {
      await invoke("one");
      expect(only.runs.at(-1)?.placed.invocation.target.configId).toBe("c2");
    });
  });

  it("go to an idle environment of another worker rather than to a new one", async () => {
    await deploy("hello");
    await router();
    const one = await worker("w1");
    await invoke("hello");
    await one.beat();
    await invoke("hello");
    expect(one.runs.map(({ placed }) => placed.grant === undefined)).toEqual([false, true]);
  });

  it("are refused for a function that is switched off or does not exist", async () => {
    await deploy("off", { reservedConcurrency: 0 });
    await router();
    await worker("w1");
    expect(await invoke("off")).toMatchObject({
      status: "refused",
      errorCode: "TooManyRequestsException",
      message: "Rate Exceeded.",
      reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    expect(await invoke("nobody")).toMatchObject({ errorCode: "ResourceNotFoundException" });
  });

  it("are refused beyond the function's reserved concurrency, and admitted up to it", async () => {
    await deploy("two", { reservedConcurrency: 2 });
    await router();
    const one = await worker("w1", { answersAtOnce: false });
    const answers = [invoke("two"), invoke("two")];
    await eventually(() => expect(one.runs).toHaveLength(2));
    expect(await invoke("two")).toMatchObject({
      reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    for (const run of one.runs) run.finish();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
      "completed",
      "completed",
    ]);
  });

  it("take the place of another function's idle environment at the account's limit", async () => {
    await deploy("idle");
    await deploy("next");
    await router(1);
    const one = await worker("w1");
    await invoke("idle");
    await one.beat();
    expect(await invoke("next")).toMatchObject({ status: "completed" });
    expect([...one.held.values()].map(({ target }) => target)).toEqual([targetOf("next")]);
  });

  it("take the place of another function's idle environment when memory is used up", async () => {
    await deploy("idle");
    await deploy("next");
    await router();
    const one = await worker("w1", { memoryMb: 128 });
    await invoke("idle");
    await one.beat();
    expect(await invoke("next")).toMatchObject({ status: "completed" });
  });

  it("are refused with the account's reason when all of it stays busy", async () => {
    await deploy("busy");
    await deploy("next");
    await router(1);
    const one = await worker("w1", { answersAtOnce: false });
    const first = invoke("busy");
    await eventually(() => expect(one.runs).toHaveLength(1));
    expect(await invoke("next")).toMatchObject({ reason: "ConcurrentInvocationLimitExceeded" });
    one.runs[0]?.finish();
    await first;
  });

  it("wait for a worker that comes, and are placed on it", async () => {
    await deploy("hello");
    await router();
    const waiting = invoke("hello");
    await bus.flush();
    await worker("late");
    expect(await waiting).toMatchObject({ status: "completed" });
  });

  it("never get more environments from two routers than the limit", async () => {
    await deploy("three", { reservedConcurrency: 3 });
    await Promise.all([router(), router()]);
    const one = await worker("w1", { answersAtOnce: false });
    const answers = Array.from({ length: 10 }, () => invoke("three"));
    await eventually(() => expect(one.runs).toHaveLength(3));
    let refused = 0;
    for (const answer of answers) {
      void answer.then(({ status }) => {
        if (status === "refused") refused += 1;
      });
    }
    await eventually(() => expect(refused).toBe(7));
    for (const run of one.runs) run.finish();
    await Promise.all(answers);
  });
});

describe("a limit that is lowered", () => {
  /** What the worker holds once it has said so, and the router has looked. */
  const untilHeld = (one: TestWorker, functionName: string, count: number) =>
    eventually(async () => {
      await one.beat();
      const held = [...one.held.values()].map(({ target }) => target.functionName);
      expect(held.filter((name) => name === functionName)).toHaveLength(count);
    });

  it("takes idle environments away, until no more are left than it allows", async () => {
    await deploy("hello");
    await deploy("other");
    await router();
    const one = await worker("w1", { answersAtOnce: false });
    const calls = [invoke("hello"), invoke("hello"), invoke("hello"), invoke("other")];
    await eventually(() => expect(one.runs).toHaveLength(4));
    await deploy("hello", { reservedConcurrency: 1 });
    for (const run of one.runs) run.finish();
    await Promise.all(calls);
    await untilHeld(one, "hello", 1);
    await deploy("hello", { reservedConcurrency: 0 });
    await untilHeld(one, "hello", 0);
    await untilHeld(one, "other", 1);
  });

  it("takes them from functions without a limit, where another has reserved what they had", async () => {
    await deploy("hello");
    await deploy("reserving");
    await router(4);
    const one = await worker("w1", { answersAtOnce: false });
    const calls = [invoke("hello"), invoke("hello"), invoke("hello")];
    await eventually(() => expect(one.runs).toHaveLength(3));
    await deploy("reserving", { reservedConcurrency: 3 });
    for (const run of one.runs) run.finish();
    await Promise.all(calls);
    await untilHeld(one, "hello", 1);
  });
});

describe("asynchronous invocations", () => {
  it("are run once each, with two routers at work", async () => {
    await deploy("hello");
    await Promise.all([router(), router()]);
    const one = await worker("w1");
    const ids = await Promise.all(Array.from({ length: 40 }, () => accept("hello")));
    await eventually(() => {
      const run = one.jobs.map(({ job }) => job.invocation.requestId);
      expect(run.toSorted()).toEqual(ids.toSorted());
    });
    expect(one.jobs.every(({ job }) => job.nextAttempt === 1)).toBe(true);
    expect(one.drains[0]).toHaveLength(1);
  });

  it("that were accepted while no router ran are run when one starts", async () => {
    await deploy("hello");
    const id = await accept("hello");
    const one = await worker("w1");
    await router();
    await one.beat();
    await eventually(() =>
      expect(one.jobs.map(({ job }) => job.invocation.requestId)).toEqual([id]),
    );
  });

  it("that waited for a worker for some time get one environment first, then more", async () => {
    await deploy("hello");
    await router();
    await Promise.all(Array.from({ length: 20 }, () => accept("hello")));
    // Several ticks without anything to grant.
    await new Promise((resolve) => setTimeout(resolve, 5 * routerLimits.dispatchTickMs));
    const one = await worker("w1");
    await eventually(() => expect(one.jobs).toHaveLength(20));
    expect(one.drains[0]).toHaveLength(1);
  });

  it("end with a fate when their function is switched off, or goes while they wait", async () => {
    const seen = await fates();
    await deploy("off", { reservedConcurrency: 0 });
    await deploy("gone");
    await router();
    const failed = await accept("off");
    const dropped = await accept("gone");
    await eventually(async () => {
      const counts = await queue.queues.look({ functionName: "gone", version: "$LATEST" });
      expect(counts.ready).toBe(1);
    });
    await openFunctions(bus).delete({ kind: "function", functionName: "gone" });
    await eventually(() =>
      expect(seen.map(({ requestId, fate }) => [requestId, fate])).toEqual([
        [failed, "failed"],
        [dropped, "dropped"],
      ]),
    );
    await eventually(async () => expect(await queue.queues.nextLookMs()).toBeUndefined());
  });

  it("use idle environments of a function whose jobs come due later", async () => {
    await deploy("hello");
    await router();
    const one = await worker("w1");
    await accept("hello");
    await eventually(() => expect(one.jobs).toHaveLength(1));
    const again = one.jobs[0];
    if (again === undefined) throw new Error("nothing ran");
    await queue.queues.addMany([again.job]);
    const { taken } = await queue.queues.takeNext(again.queue);
    if (taken === undefined) throw new Error("nothing to take");
    const atMs = Date.now() + 300;
    await queue.queues.retryAt(taken, {
      atMs,
      job: { ...again.job, nextAttempt: 2 },
      takeNext: false,
    });
    await eventually(() => expect(one.jobs).toHaveLength(2));
    expect(one.jobs[1]?.job.nextAttempt).toBe(2);
  });
});

describe("a worker that dies", () => {
  it("loses its leases, so that its functions run elsewhere", async () => {
    await deploy("one", { reservedConcurrency: 1 });
    await router();
    const dead = await worker("dead", { leaseMs: 500, answersAtOnce: true });
    await invoke("one");
    expect(dead.held.size).toBe(1);
    await eventually(async () => expect((await queue.leases.counts()).total).toBe(0));
    const next = await worker("next");
    expect(await invoke("one")).toMatchObject({ status: "completed" });
    expect(next.runs).toHaveLength(1);
  });

  it("keeps nobody waiting who was sent to it before its silence was noticed", async () => {
    await deploy("one");
    await router();
    const own = await connect();
    // Most room: the router chooses it first, for as long as it counts as alive.
    await worker("gone", { bus: own, memoryMb: 4096 });
    await own.close();
    const next = await worker("next");
    expect(await invoke("one")).toMatchObject({ status: "completed" });
    expect(next.runs).toHaveLength(1);
  });
});

describe("a router that stops", () => {
  it("ends in order although Redis and NATS are gone", async () => {
    await deploy("one");
    const stopping = await router();
    routers.length = 0;
    await accept("one");
    await Promise.all([nats.kill(), redis.kill()]);
    await expect(stopping.stop()).resolves.toBeUndefined();
    await Promise.all([nats.restart(), redis.restart()]);
  });
});
