import { randomBytes } from "node:crypto";
import { eventually, startRedis, type TestServer } from "@paddock/testkit";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Reservation } from "./concurrency-leases.ts";
import { connectQueue, type QueueConnection } from "./connection.ts";

/** Leases on a real Redis, from two clients as from two routers. */

let server: TestServer;
let redis: Redis;
let one: QueueConnection;
let two: QueueConnection;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  one = await connectQueue({ url: server.url, name: "one" });
  two = await connectQueue({ url: server.url, name: "two" });
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  redis.disconnect();
  await server.stop();
});

function reservation(over: Partial<Reservation> = {}): Reservation {
  return {
    environmentId: randomBytes(16).toString("hex"),
    functionName: "f",
    memoryMb: 128,
    poolLimit: 1000,
    reservedFunctions: [],
    workerIds: ["w1"],
    ...over,
  };
}

describe("reserving", () => {
  it("grants on the first candidate with room, and the next when that is full", async () => {
    await one.leases.heartbeat("w1", 256, 60_000);
    await one.leases.heartbeat("w2", 1024, 60_000);
    const workerIds = ["w1", "w2"];
    const outcomes = [];
    for (let count = 0; count < 3; count += 1) {
      outcomes.push(await one.leases.reserve(reservation({ workerIds })));
    }
    expect(outcomes).toEqual([
      { outcome: "granted", workerId: "w1" },
      { outcome: "granted", workerId: "w1" },
      { outcome: "granted", workerId: "w2" },
    ]);
  });

  it("counts the same environment once, however often it is reserved", async () => {
    await one.leases.heartbeat("w1", 256, 60_000);
    const same = reservation();
    expect((await one.leases.reserve(same)).outcome).toBe("granted");
    expect((await two.leases.reserve(same)).outcome).toBe("granted");
    expect(await one.leases.functionCount("f")).toBe(1);
  });

  it("refuses beyond the function's own limit", async () => {
    await one.leases.heartbeat("w1", 4096, 60_000);
    const limited = { functionLimit: 1, reservedFunctions: ["f"] };
    expect((await one.leases.reserve(reservation(limited))).outcome).toBe("granted");
    expect((await one.leases.reserve(reservation(limited))).outcome).toBe("function-limit");
  });

  it("refuses beyond the pool, of which reserved functions take nothing", async () => {
    await one.leases.heartbeat("w1", 4096, 60_000);
    const reserved = { functionName: "r", functionLimit: 5, reservedFunctions: ["r"] };
    const pooled = { poolLimit: 1, reservedFunctions: ["r"] };
    expect((await one.leases.reserve(reservation(reserved))).outcome).toBe("granted");
    expect((await one.leases.reserve(reservation(reserved))).outcome).toBe("granted");
    expect((await one.leases.reserve(reservation(pooled))).outcome).toBe("granted");
    expect((await one.leases.reserve(reservation(pooled))).outcome).toBe("account-limit");
  });

  it("tells a full worker from one that is not there", async () => {
    await one.leases.heartbeat("w1", 100, 60_000);
    expect((await one.leases.reserve(reservation())).outcome).toBe("worker-full");
    const nobody = reservation({ workerIds: ["ghost"] });
    expect((await one.leases.reserve(nobody)).outcome).toBe("unknown-worker");
  });

  it("gives nothing to a worker that says it has no capacity, and keeps what it has", async () => {
    await one.leases.heartbeat("w1", 1024, 60_000);
    await one.leases.reserve(reservation());
    expect(await one.leases.heartbeat("w1", 0, 60_000)).toEqual({ known: true });
    expect((await one.leases.reserve(reservation())).outcome).toBe("worker-full");
    expect((await one.leases.counts()).total).toBe(1);
  });
});

describe("releasing", () => {
  it("frees room once, however often it is released", async () => {
    await one.leases.heartbeat("w1", 128, 60_000);
    const held = reservation();
    await one.leases.reserve(held);
    expect(await one.leases.release([held.environmentId, "unknown"])).toBe(1);
    expect(await two.leases.release([held.environmentId])).toBe(0);
    expect((await one.leases.counts()).byFunction.size).toBe(0);
    expect((await one.leases.reserve(reservation())).outcome).toBe("granted");
  });

  it("frees all that a worker holds when it stops", async () => {
    await one.leases.heartbeat("w1", 1024, 60_000);
    await one.leases.reserve(reservation());
    await one.leases.reserve(reservation());
    expect(await one.leases.environmentsOf("w1")).toHaveLength(2);
    await one.leases.releaseAll("w1");
    expect((await one.leases.counts()).total).toBe(0);
    expect((await one.leases.reserve(reservation())).outcome).toBe("unknown-worker");
    expect(await redis.keys("*")).toEqual([]);
  });
});

describe("a worker that falls silent", () => {
  it("loses its leases, and learns it when it comes back", async () => {
    expect(await one.leases.heartbeat("w1", 1024, 1)).toEqual({ known: false });
    await one.leases.heartbeat("w2", 1024, 60_000);
    const kept = reservation({ workerIds: ["w2"] });
    await one.leases.reserve(kept);
    await one.leases.heartbeat("w1", 1024, 60_000);
    const lost = reservation();
    await one.leases.reserve(lost);
    await one.leases.heartbeat("w1", 1024, 1);
    const freed = await eventually(async () => {
      const all = [...(await one.leases.expireWorkers()), ...(await two.leases.expireWorkers())];
      return all.length > 0 && all;
    });
    expect(freed).toEqual([{ workerId: "w1", environmentIds: [lost.environmentId] }]);
    expect((await one.leases.counts()).total).toBe(1);
    expect(await one.leases.heartbeat("w1", 1024, 60_000)).toEqual({ known: false });
  });
});

/** One step of one of two routers. */
type Step =
  | {
      readonly kind: "reserve";
      readonly client: 0 | 1;
      readonly fn: 0 | 1 | 2;
      readonly worker: 0 | 1;
    }
  | { readonly kind: "release"; readonly client: 0 | 1; readonly index: number }
  | { readonly kind: "worker-dies"; readonly client: 0 | 1; readonly worker: 0 | 1 };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("reserve" as const),
      client: fc.constantFrom(0 as const, 1 as const),
      fn: fc.constantFrom(0 as const, 1 as const, 2 as const),
      worker: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("release" as const),
      client: fc.constantFrom(0 as const, 1 as const),
      index: fc.nat(40),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("worker-dies" as const),
      client: fc.constantFrom(0 as const, 1 as const),
      worker: fc.constantFrom(0 as const, 1 as const),
    }),
  },
);

describe("any interleaving of two routers", () => {
  it("never holds more than the limits allow, and counts to nothing when all is released", async () => {
    const limits = [2, undefined, undefined];
    const names = ["limited", "pool-a", "pool-b"];
    const poolLimit = 3;
    const workers = ["w1", "w2"];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 12 }),
        async (rounds) => {
          await redis.flushall();
          const clients = [one.leases, two.leases] as const;
          for (const worker of workers) await one.leases.heartbeat(worker, 512, 60_000);
          const asked: string[] = [];
          const run = async (one: Step): Promise<void> => {
            const client = clients[one.client];
            if (one.kind === "release") {
              const id = asked[one.index % Math.max(1, asked.length)];
              if (id !== undefined) await client.release([id]);
            } else if (one.kind === "worker-dies") {
              const worker = workers[one.worker] ?? "";
              await client.releaseAll(worker);
              await client.heartbeat(worker, 512, 60_000);
            } else {
              const functionLimit = limits[one.fn];
              const wanted = reservation({
                functionName: names[one.fn] ?? "",
                poolLimit,
                reservedFunctions: ["limited"],
                workerIds: [workers[one.worker] ?? "", workers[1 - one.worker] ?? ""],
                ...(functionLimit === undefined ? {} : { functionLimit }),
              });
              asked.push(wanted.environmentId);
              await client.reserve(wanted);
            }
          };
          for (const round of rounds) {
            await Promise.all(round.map((each) => run(each)));
            const { total, byFunction } = await one.leases.counts();
            const limited = byFunction.get("limited") ?? 0;
            expect(limited).toBeLessThanOrEqual(2);
            expect(total - limited).toBeLessThanOrEqual(poolLimit);
            const held = await Promise.all(workers.map((w) => two.leases.environmentsOf(w)));
            expect(held.flat().length).toBe(total);
            for (const of of held) expect(of.length * 128).toBeLessThanOrEqual(512);
          }
          await one.leases.release(asked);
          expect(await two.leases.counts()).toEqual({ total: 0, byFunction: new Map() });
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
