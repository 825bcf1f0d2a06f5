import {
  type AsyncInvocation,
  type ColdStart,
  type FateRecord,
  type UsageRecord,
  workerLost,
} from "@paddock/contracts";
import { startPostgres, type TestServer } from "@paddock/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.ts";
import { getInvocation, InvalidCursorError, listInvocations } from "./read.ts";
import { recordAccepted, recordFates, recordUsage } from "./record.ts";
import { summariseUsage } from "./usage-summary.ts";

/** The ledger must come out the same whatever the order in which its records arrive. */
let server: TestServer;
let database: Database;

beforeAll(async () => {
  server = await startPostgres();
  database = await openDatabase({ url: server.url, name: "test" });
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});
beforeEach(async () => {
  await database.pool.query("truncate usage_records, invocations");
});

function accepted(requestId: string, change: Partial<AsyncInvocation> = {}): AsyncInvocation {
  return {
    requestId,
    functionName: "orders",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:orders:live",
    trigger: "nats-event",
    triggerDetail: "events.orders.created",
    traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793",
    acceptedAtMs: 1000,
    qualifier: "live",
    ...change,
  };
}

function usage(requestId: string, change: Partial<UsageRecord> = {}): UsageRecord {
  return {
    requestId,
    attempt: 1,
    functionName: "orders",
    version: "3",
    trigger: "nats-event",
    triggerDetail: "events.orders.created",
    invocationType: "Event",
    memoryMb: 256,
    architecture: "x86_64",
    ephemeralStorageMb: 512,
    initMs: 0,
    durationMs: 12.25,
    billedMs: 13,
    peakMemoryMb: 70,
    outcome: "succeeded",
    workerId: "worker-1",
    environmentId: "0123456789abcdef0123456789abcdef",
    isolation: "bubblewrap",
    logGroup: "/aws/lambda/orders",
    logStream: "2026/11/23/[3]0123456789abcdef0123456789abcdef",
    acceptedAtMs: 1000,
    startedAtMs: 1001,
    finishedAtMs: 1013.25,
    ...change,
  };
}

function fate(requestId: string, change: Partial<FateRecord> = {}): FateRecord {
  const record = { requestId, functionName: "orders", fate: "succeeded", attempts: 1 } as const;
  return { ...record, decidedAtMs: 1014, ...change };
}

describe("the ledger", () => {
  it("counts a usage record once, however often and in whatever batch it comes", async () => {
    const record = usage("r1");
    expect(await recordUsage(database, [record, record])).toEqual({ inserted: 1 });
    expect(await recordUsage(database, [record, usage("r2")])).toEqual({ inserted: 1 });
    const [summary] = await summariseUsage(database, {});
    expect(summary).toMatchObject({ requests: 2, billedMs: 26 });
  });

  it("keeps of an attempt the worker's own record, whichever way it was missed before or after", async () => {
    const lost = { outcome: "platform-error", errorType: workerLost, billedMs: 0 } as const;
    const own = usage("r1", { finishedAtMs: 2000 });
    const begun = usage("r1", { ...lost, startedAtMs: 1001, finishedAtMs: 1001 });
    const missed = usage("r1", { ...lost, workerId: "unknown", startedAtMs: 9000 });
    const rows = async () => getInvocation(database, "r1");
    for (const records of [[own], [begun]]) {
      const batches = fc.shuffledSubarray([...records, begun, missed, missed], { minLength: 4 });
      await database.pool.query("truncate usage_records, invocations");
      await recordUsage(database, records);
      const expected = await rows();
      await fc.assert(
        fc.asyncProperty(batches, fc.integer({ min: 1, max: 4 }), async (shuffled, size) => {
          await database.pool.query("truncate usage_records, invocations");
          let inserted = 0;
          for (let from = 0; from < shuffled.length; from += size) {
            const written = await recordUsage(database, shuffled.slice(from, from + size));
            inserted += written.inserted;
          }
          expect(inserted).toBe(1);
          expect(await rows()).toEqual(expected);
        }),
        { numRuns: 25 },
      );
    }
  });

  it("makes a synchronous invocation's row from its usage record alone", async () => {
    await recordUsage(database, [
      usage("r1", { invocationType: "RequestResponse", trigger: "invoke-api", outcome: "crashed" }),
    ]);
    expect((await getInvocation(database, "r1"))?.invocation).toMatchObject({
      state: "failed",
      attempts: 1,
      lastOutcome: "crashed",
      trigger: "invoke-api",
    });
  });

  it("goes from accepted over retrying to its fate", async () => {
    const state = async () => (await getInvocation(database, "r1"))?.invocation.state;
    await recordAccepted(database, [accepted("r1")]);
    expect(await state()).toBe("accepted");
    await recordUsage(database, [usage("r1", { outcome: "function-error" })]);
    expect(await state()).toBe("retrying");
    await recordFates(database, [fate("r1", { fate: "failed", detail: "RetriesExhausted" })]);
    expect(await state()).toBe("failed");
  });

  it("ends in the same rows whatever the order and repetition of the records", async () => {
    const steps = [
      () => recordAccepted(database, [accepted("r1"), accepted("r2")]),
      () =>
        recordUsage(database, [
          usage("r1", { outcome: "function-error", errorType: "Error", errorMessage: "no\u0000!" }),
        ]),
      () => recordUsage(database, [usage("r1", { attempt: 2, finishedAtMs: 5000 }), usage("r2")]),
      () => recordFates(database, [fate("r1", { attempts: 2, decidedAtMs: 5001 })]),
      () => recordFates(database, [fate("r2")]),
    ];
    const rows = async () => {
      const r1 = await getInvocation(database, "r1");
      return { r1, r2: await getInvocation(database, "r2") };
    };
    for (const step of steps) await step();
    const expected = await rows();
    expect(expected.r1?.invocation).toMatchObject({
      state: "succeeded",
      attempts: 2,
      qualifier: "live",
      lastFinishedAtMs: 5000,
    });
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 1, 2, 3], { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(order, async (indexes) => {
        await database.pool.query("truncate usage_records, invocations");
        for (const index of indexes) await steps[index]?.();
        expect(await rows()).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("does not block itself when several processes record overlapping batches", async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `r${index}`);
    const shuffled = (seed: number) =>
      ids.toSorted(
        (a, b) => ((Number(a.slice(1)) * seed) % 307) - ((Number(b.slice(1)) * seed) % 307),
      );
    const rounds = [3, 5, 7, 11].flatMap((seed) => [
      recordAccepted(
        database,
        shuffled(seed).map((id) => accepted(id)),
      ),
      recordUsage(
        database,
        shuffled(seed + 1).map((id) => usage(id)),
      ),
      recordFates(
        database,
        shuffled(seed + 2).map((id) => fate(id)),
      ),
    ]);
    await Promise.all(rounds);
    const page = await listInvocations(database, { state: "succeeded" }, { limit: 1000 });
    expect(page.invocations).toHaveLength(300);
    expect((await summariseUsage(database, {}))[0]?.requests).toBe(300);
  });

  it("takes a batch that is larger than one statement", async () => {
    const rows = Array.from({ length: 4001 }, (_, index) => usage(`r${index}`));
    expect(await recordUsage(database, rows)).toEqual({ inserted: 4001 });
  });

  it("pages through equal times without leaving out or repeating a row", async () => {
    const rows = Array.from({ length: 25 }, (_, index) =>
      usage(`r${index}`, { acceptedAtMs: 1000 + Math.floor(index / 10) + 0.125 }),
    );
    await recordUsage(database, [...rows, usage("other", { functionName: "else" })]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listInvocations(
        database,
        { functionName: "orders" },
        { limit: 4, cursor },
      );
      seen.push(...page.invocations.map(({ requestId }) => requestId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });

  it("refuses a cursor that it has not handed out", async () => {
    await expect(listInvocations(database, {}, { limit: 1, cursor: "abc" })).rejects.toThrow(
      InvalidCursorError,
    );
  });

  it("sums what is billed and leaves out what is the platform's fault", async () => {
    await recordUsage(database, [
      usage("r1", { billedMs: 1000, memoryMb: 1024, coldStart: { kind: "first-request" } }),
      usage("r2", {
        billedMs: 500,
        memoryMb: 1024,
        outcome: "timed-out",
        ephemeralStorageMb: 1536,
      }),
      usage("r3", { billedMs: 999, outcome: "platform-error" }),
      usage("r4", { billedMs: 999, finishedAtMs: 10 }),
    ]);
    expect(await summariseUsage(database, { functionName: "orders", sinceMs: 1000 })).toEqual([
      {
        functionName: "orders",
        architecture: "x86_64",
        requests: 2,
        errors: 1,
        coldStarts: 1,
        billedMs: 1500,
        gbSeconds: 1.5,
        storageGbSeconds: 0.5,
      },
    ]);
    expect(await summariseUsage(database, { functionName: "nobody" })).toEqual([]);
  });

  it("gives back a usage record as it came", async () => {
    const coldStart: ColdStart = {
      kind: "evicted",
      eviction: { atMs: 12, idleMs: 540_000, cause: "room", forFunction: "other" },
      phases: { acquireMs: 0.25, bindMs: 0.5, initMs: 3 },
    };
    const record = usage("r1", { coldStart, errorType: "E" });
    await recordUsage(database, [record]);
    expect((await getInvocation(database, "r1"))?.attempts).toEqual([record]);
    expect(await getInvocation(database, "r2")).toBeUndefined();
  });
});
