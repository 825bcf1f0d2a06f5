/**
 * Scenario: a function that was called every half hour, by what an earlier router has kept, and was
 * last called 28 minutes ago. A worker without environments is there.
 */
import {
  type Bus,
  connectBus,
  ensureStreams,
  openFunctions,
  openIdleHistories,
} from "@paddock/bus";
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
import { afterEach, beforeEach, expect, it } from "vitest";
import { KeptIdleHistories } from "./adapters/kept-idle-histories.ts";
import { startRouter } from "./app.ts";
import { IdleHistories } from "./core/idle-histories.ts";
import { environmentsOf, targetOf, workerStatus } from "./records.fixture.ts";
import { TestWorker } from "./worker.fixture.ts";

const minuteMs = 60_000;
let nats: TestServer;
let redis: TestServer;
let bus: Bus;
let queue: QueueConnection;
let router: RunningService | undefined;

beforeEach(async () => {
  [nats, redis] = await Promise.all([startNats({ password: "p" }), startRedis()]);
  bus = await connect();
  queue = await connectQueue({ url: redis.url, name: "test" });
});
afterEach(async () => {
  await router?.stop();
  router = undefined;
  await bus.close();
  await queue.close();
  await Promise.all([nats.stop(), redis.stop()]);
});

async function connect(): Promise<Bus> {
  const made = await connectBus({ url: nats.url, user: "paddock", password: "p", name: "test" });
  await ensureStreams(made);
  return made;
}

async function start(): Promise<void> {
  router = await startRouter({
    bus: await connect(),
    queue: await connectQueue({ url: redis.url, name: "router" }),
    logger: createLogger("router", "silent"),
    accountConcurrency: 1000,
    keepAlivePolicy: "histogram",
  });
}

async function deploy(functionName: string): Promise<void> {
  const functions = openFunctions(bus);
  await functions.put(
    { kind: "function", functionName },
    { kind: "function", record: functionRecord(functionName) },
  );
  await functions.put(
    { kind: "version", functionName, version: "$LATEST" },
    { kind: "version", record: versionRecord(functionName) },
  );
}

it("an environment is made ahead, under a lease, for a function whose invocation is due soon", async () => {
  await deploy("regular");
  const history = { functionName: "regular", version: "$LATEST", outOfBounds: 0 };
  const idleSinceMs = Date.now() - 28 * minuteMs;
  const learned = { ...history, bins: [[30, 20]] as [number, number][], agedAtMs: idleSinceMs };
  await openIdleHistories(bus).put(history, { ...learned, idleSinceMs });
  await start();
  const options = { bus, queue, workerId: "w", memoryMb: 1024, answersAtOnce: true };
  const worker = await TestWorker.start(options);
  await eventually(async () => {
    await worker.beat();
    expect(worker.preWarmed).toHaveLength(1);
  });
  expect(worker.preWarmed[0]).toMatchObject({
    target: targetOf("regular"),
    grant: { memoryMb: 128, reason: { kind: "pre-warmed" } },
  });
  expect((await queue.leases.counts()).byFunction.get("regular")).toBe(1);
});

it("what was learned is kept on the bus and found by the next router", async () => {
  const problems: unknown[] = [];
  const learned = new IdleHistories();
  const kept = new KeptIdleHistories(bus, learned, (error) => problems.push(error));
  learned.heard(workerStatus("w"), 0);
  for (let use = 1; use <= 20; use += 1) {
    const entry = environmentsOf(targetOf("f"), { uses: use, peakBusy: 1, idle: 1 });
    learned.heard(workerStatus("w", [entry]), use * 5 * minuteMs);
  }
  await kept.save(100 * minuteMs);
  const next = new IdleHistories();
  await new KeptIdleHistories(bus, next, (error) => problems.push(error)).restore();
  const name = { functionName: "f", version: "$LATEST" };
  expect(next.histogramOf(name)?.toStored()).toEqual(learned.histogramOf(name)?.toStored());
  await kept.follow({ ...name, deleted: true });
  expect(await openIdleHistories(bus).get(name)).toBeUndefined();
  expect(problems).toEqual([]);
});
