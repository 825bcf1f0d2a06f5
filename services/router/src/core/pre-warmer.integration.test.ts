/**
 * When an environment is made ahead, and of what: on real leases, with the test in the worker's place
 * and holding the clock. A function is called every half hour.
 */
import type { PreWarmEnvironment, WorkerStatus } from "@paddock/contracts";
import { connectQueue, type QueueConnection } from "@paddock/queue";
import { functionRecord, startRedis, type TestServer, versionRecord } from "@paddock/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { environmentsOf, lookup, targetOf, workerStatus } from "../records.fixture.ts";
import { Fleet } from "./fleet.ts";
import { IdleHistories } from "./idle-histories.ts";
import { Placer } from "./placement.ts";
import { PreWarmer } from "./pre-warmer.ts";

const minuteMs = 60_000;
let redis: TestServer;
let queue: QueueConnection;
beforeAll(async () => {
  redis = await startRedis();
  queue = await connectQueue({ url: redis.url, name: "test" });
});
afterEach(() => queue.leases.releaseAll("w"));
afterAll(async () => {
  await queue.close();
  await redis.stop();
});

interface Setting {
  readonly reservedConcurrency?: number;
  readonly accountConcurrency?: number;
  readonly worker?: Partial<WorkerStatus>;
}

/** One function that has been idle since 0, and one worker. */
async function setUp(setting: Setting = {}) {
  const { reservedConcurrency, accountConcurrency = 1000, worker = {} } = setting;
  const reserved = reservedConcurrency === undefined ? {} : { reservedConcurrency };
  const functions = lookup([functionRecord("f", reserved)], [versionRecord("f")]);
  const made: PreWarmEnvironment[] = [];
  const reclaimed: string[] = [];
  const workers = {
    drain: () => undefined,
    hint: () => undefined,
    preWarm: (_workerId: string, command: PreWarmEnvironment) => made.push(command),
    reclaim: async (workerId: string) => {
      reclaimed.push(workerId);
      return [];
    },
  };
  const now = { ms: 0, waiting: 0 };
  const clock = { nowMs: () => now.ms };
  const fleet = new Fleet();
  const { leases } = queue;
  const histories = new IdleHistories();
  const placerParts = { functions, leases, workers, fleet, histories, clock, accountConcurrency };
  const placer = new Placer(placerParts);
  const name = { functionName: "f", version: "$LATEST" };
  histories.restore({ ...name, bins: [[30, 20]], outOfBounds: 0, agedAtMs: 0, idleSinceMs: 0 });
  const waiting = (): number => now.waiting;
  const parts = { histories, functions, fleet, placer, workers, clock, waiting };
  const preWarmer = new PreWarmer(parts);
  const status = workerStatus("w", [], worker);
  await leases.heartbeat("w", status.memoryCapacityMb, 600_000);
  /** The worker says what it has, and the router looks. Returns what was made so far. */
  const lookAt = async (minute: number, environments: WorkerStatus["environments"] = []) => {
    now.ms = minute * minuteMs;
    const said = { ...status, environments };
    fleet.heard(said, now.ms);
    histories.heard(said, now.ms);
    await preWarmer.look();
    return made.length;
  };
  return { lookAt, made, reclaimed, now };
}

describe("an environment is made ahead", () => {
  it("shortly before the next invocation is due, and once", async () => {
    const { lookAt, made } = await setUp();
    expect([await lookAt(1), await lookAt(26)]).toEqual([0, 0]);
    expect(await lookAt(27)).toBe(1);
    expect(made[0]?.target).toEqual(targetOf("f"));
    // The worker has none: it was taken away. It is not made again.
    expect([await lookAt(28), await lookAt(33)]).toEqual([1, 1]);
  });

  it("again for the next time that the function falls idle", async () => {
    const { lookAt } = await setUp();
    expect(await lookAt(27)).toBe(1);
    await lookAt(29, [environmentsOf(targetOf("f"), { idle: 1, newestIdleMs: minuteMs })]);
    await lookAt(30, [environmentsOf(targetOf("f"), { idle: 1, uses: 1, peakBusy: 1 })]);
    expect(await lookAt(31)).toBe(1);
    expect(await lookAt(58)).toBe(2);
  });

  it("not when the time has passed, or one is there", async () => {
    const late = await setUp();
    expect(await late.lookAt(35)).toBe(0);
    const warm = await setUp();
    const old = environmentsOf(targetOf("f"), { idle: 1, newestIdleMs: 27 * minuteMs });
    expect(await warm.lookAt(27, [old])).toBe(0);
  });

  it("not while somebody waits for an environment, but as soon as nobody does", async () => {
    const { lookAt, now } = await setUp();
    now.waiting = 1;
    expect(await lookAt(27)).toBe(0);
    now.waiting = 0;
    expect(await lookAt(28)).toBe(1);
  });
});

describe("an environment that is made ahead leaves for whoever comes", () => {
  it.each<[string, Setting, Setting]>([
    [
      "the last of the function's reservation",
      { reservedConcurrency: 1 },
      { reservedConcurrency: 2 },
    ],
    ["the last of the account's concurrency", { accountConcurrency: 1 }, { accountConcurrency: 2 }],
    [
      "a tenth of the worker's memory",
      { worker: { memoryCapacityMb: 140 } },
      { worker: { memoryCapacityMb: 150 } },
    ],
    [
      "a tenth of the memory that functions may really use",
      { worker: { memoryUseLimitMb: 1000, memoryUsedMb: 800 } },
      { worker: { memoryUseLimitMb: 1000, memoryUsedMb: 700 } },
    ],
  ])("%s, and evicts nobody", async (_what, scarce, enough) => {
    const tight = await setUp(scarce);
    expect(await tight.lookAt(27)).toBe(0);
    expect(tight.reclaimed).toEqual([]);
    const roomy = await setUp(enough);
    expect(await roomy.lookAt(27)).toBe(1);
  });
});
