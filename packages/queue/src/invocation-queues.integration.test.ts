import { randomUUID } from "node:crypto";
import type { InvocationJob } from "@paddock/contracts";
import { eventually, startRedis, type TestServer } from "@paddock/testkit";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectQueue, type QueueConnection } from "./connection.ts";
import type { QueueProblem, TakenJob } from "./invocation-queues.ts";
import { keys } from "./keys.ts";

/** Queues on a real Redis. */

let server: TestServer;
let redis: Redis;
let connection: QueueConnection;
let problems: QueueProblem["kind"][];
const queue = { functionName: "hello", version: "$LATEST" };

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  problems = [];
  connection = await connectQueue({
    url: server.url,
    name: "test",
    onProblem: (problem) => {
      if (problem.kind === "malformed-job") problems.push(problem.kind);
    },
  });
});
afterEach(() => connection.close());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

function job(requestId: string = randomUUID(), functionName = "hello"): InvocationJob {
  return {
    invocation: {
      requestId,
      functionName,
      invokedFunctionArn: "arn",
      trigger: "invoke-api",
      traceHeader: "Root=1-0-0",
      acceptedAtMs: 1,
    },
    version: "$LATEST",
    event: '{"a":1}',
    maximumRetryAttempts: 2,
    expiresAtMs: Date.now() + 60_000,
    nextAttempt: 1,
    functionErrors: 0,
  };
}

async function mustTake(): Promise<TakenJob> {
  const { taken } = await connection.queues.takeNext(queue);
  if (taken === undefined) throw new Error("the queue gave nothing");
  return taken;
}

describe("adding and taking", () => {
  it("gives jobs in the order in which they came, each once", async () => {
    const { queues } = connection;
    expect(await queues.addMany([job("a"), job("b"), job("c")])).toEqual([queue]);
    const first = await mustTake();
    expect(first.job.invocation.requestId).toBe("a");
    expect(first.job.nextAttempt).toBe(1);
    const second = await queues.complete(first, { takeNext: true });
    expect(second.accepted).toBe(true);
    expect(second.taken?.job.invocation.requestId).toBe("b");
    expect((await mustTake()).job.invocation.requestId).toBe("c");
    expect(await queues.takeNext(queue)).toEqual({ taken: undefined, nextDueMs: undefined });
  });

  it("passes over a request id that the queue holds", async () => {
    const { queues } = connection;
    await queues.addMany([job("same")]);
    await queues.addMany([job("same"), job("other")]);
    expect((await queues.look(queue)).ready).toBe(2);
  });

  it("adds to several queues at once and indexes each", async () => {
    const { queues } = connection;
    const added = await queues.addMany([job("1", "one"), job("2", "two"), job("3", "one")]);
    expect(added.map((q) => q.functionName).toSorted()).toEqual(["one", "two"]);
    const due = await queues.dueQueues();
    expect(due.map((q) => q.functionName).toSorted()).toEqual(["one", "two"]);
  });

  it("sets a job aside that does not fit its schema, reports it, and takes the next", async () => {
    await connection.queues.addMany([job("bad"), job("good")]);
    await redis.hset("paddock:hello.LATEST:bad", "data", '{"no":"job"}');
    expect((await mustTake()).job.invocation.requestId).toBe("good");
    expect(problems).toEqual(["malformed-job"]);
    expect(await redis.zrange("paddock:hello.LATEST:failed", "0", "-1")).toEqual(["bad"]);
  });
});

describe("retrying", () => {
  it("brings a job again when it is due, with its new data", async () => {
    const { queues } = connection;
    await queues.addMany([job("r"), job("s")]);
    const taken = await mustTake();
    const atMs = Date.now() + 300;
    const retried = { ...taken.job, nextAttempt: 2, functionErrors: 1 };
    const next = await queues.retryAt(taken, { atMs, job: retried, takeNext: true });
    expect(next.taken?.job.invocation.requestId).toBe("s");
    const empty = await queues.takeNext(queue);
    expect(empty.taken).toBeUndefined();
    expect(empty.nextDueMs).toBe(atMs);
    const again = await eventually(() => mustTake());
    expect(Date.now()).toBeGreaterThanOrEqual(atMs);
    expect(again.job).toMatchObject({ nextAttempt: 2, functionErrors: 1 });
  });

  it("puts a job that was given back in front", async () => {
    const { queues } = connection;
    await queues.addMany([job("first"), job("second")]);
    const taken = await mustTake();
    expect(await queues.giveBack(taken)).toEqual({ accepted: true });
    expect((await mustTake()).job.invocation.requestId).toBe("first");
  });
});

describe("locks", () => {
  /** What the death of a worker leaves: a job that is active and has no lock. */
  const loseLock = (requestId: string): Promise<number> =>
    redis.del(`paddock:hello.LATEST:${requestId}:lock`);
  const skipCheckPause = (): Promise<number> => redis.del("paddock:hello.LATEST:stalled-check");

  it("makes a job waiting again whose worker died, as a further attempt", async () => {
    const { queues } = connection;
    await queues.addMany([job("x")]);
    await mustTake();
    await loseLock("x");
    expect(await queues.recoverStalled(queue)).toEqual([]);
    await skipCheckPause();
    expect(await queues.recoverStalled(queue)).toEqual(["x"]);
    const again = await mustTake();
    expect(again).toMatchObject({ lostAttempts: 1, job: { nextAttempt: 2 } });
    const third = { ...again.job, nextAttempt: 3 };
    await queues.retryAt(again, { atMs: Date.now(), job: third, takeNext: false });
    await queues.promoteDelayed(queue);
    expect(await mustTake()).toMatchObject({ lostAttempts: 0, job: { nextAttempt: 3 } });
  });

  it("leaves a job alone whose lock is renewed", async () => {
    const { queues } = connection;
    await queues.addMany([job("y")]);
    const taken = await mustTake();
    await queues.recoverStalled(queue);
    await skipCheckPause();
    expect(await queues.renewLocks([taken])).toEqual([]);
    expect(await queues.recoverStalled(queue)).toEqual([]);
    expect((await queues.complete(taken, { takeNext: false })).accepted).toBe(true);
  });

  it("does not accept the outcome of one who lost the job, and says so at the renewal", async () => {
    const { queues } = connection;
    await queues.addMany([job("z")]);
    const slow = await mustTake();
    await loseLock("z");
    await queues.recoverStalled(queue);
    await skipCheckPause();
    await queues.recoverStalled(queue);
    const other = await mustTake();
    expect(await queues.renewLocks([slow])).toEqual([slow]);
    expect((await queues.complete(slow, { takeNext: false })).accepted).toBe(false);
    expect((await queues.complete(other, { takeNext: false })).accepted).toBe(true);
  });
});

describe("the index of queues with work", () => {
  it("names when the next delayed job is due", async () => {
    const { queues } = connection;
    await queues.addMany([job("d")]);
    const taken = await mustTake();
    const atMs = Date.now() + 60_000;
    await queues.retryAt(taken, { atMs, job: taken.job, takeNext: false });
    expect(await queues.look(queue)).toEqual({
      ready: 0,
      delayed: 1,
      active: 0,
      finished: 0,
      lookAgainMs: atMs,
    });
    expect(await queues.dueQueues()).toEqual([]);
    expect(await queues.nextLookMs()).toBe(atMs);
    await queues.promoteDelayed(queue);
    expect((await queues.look(queue)).ready).toBe(1);
  });

  it("counts what has left the queue since it was last empty", async () => {
    const { queues } = connection;
    await queues.addMany([job("k"), job("l"), job("m")]);
    await queues.complete(await mustTake(), { takeNext: false });
    await queues.complete(await mustTake(), { takeNext: false });
    expect(await queues.look(queue)).toMatchObject({ ready: 1, finished: 2 });
    await queues.complete(await mustTake(), { takeNext: false });
    await queues.look(queue);
    await queues.addMany([job("n")]);
    expect(await queues.look(queue)).toMatchObject({ ready: 1, finished: 0 });
  });

  it("keeps a queue that only runs, for the case that its worker dies", async () => {
    const { queues } = connection;
    await queues.addMany([job("e")]);
    await mustTake();
    const nowMs = Date.now();
    const counts = await queues.look(queue, nowMs);
    expect(counts).toMatchObject({ ready: 0, active: 1 });
    expect(counts.lookAgainMs).toBeGreaterThan(nowMs);
  });

  it("forgets an empty queue so that nothing of it stays in Redis", async () => {
    const { queues } = connection;
    await queues.addMany([job("f")]);
    await queues.complete(await mustTake(), { takeNext: false });
    expect((await queues.look(queue)).lookAgainMs).toBeUndefined();
    expect(await redis.keys("*")).toEqual([]);
  });

  it("removes a queue with all that it holds", async () => {
    const { queues } = connection;
    await queues.addMany([job("g"), job("h"), job("i")]);
    await mustTake();
    await queues.removeQueue(queue);
    expect(await redis.exists(keys.work)).toBe(0);
    expect((await redis.keys("paddock:hello*")).toSorted()).toEqual([]);
  });
});

describe("Redis that dies", () => {
  it("keeps what was added, and its clients report its absence and come back", async () => {
    const away: string[] = [];
    await connection.queues.addMany([job("kept")]);
    const lost = await connectQueue({
      url: server.url,
      name: "watcher",
      onProblem: (problem) => away.push(problem.kind),
    });
    await server.kill();
    // Some attempts to connect have failed: that must be a report, and no end of the process.
    await eventually(() => expect(away.length).toBeGreaterThan(1));
    expect(lost.isConnected).toBe(false);
    await server.restart();
    await eventually(() => expect(lost.isConnected).toBe(true));
    await lost.close();
    await eventually(async () => {
      expect((await connection.queues.look(queue)).ready).toBe(1);
    });
    expect((await mustTake()).job.invocation.requestId).toBe("kept");
  }, 30_000);

  it("keeps nobody waiting who is about to end", async () => {
    const away: string[] = [];
    const ending = await connectQueue({
      url: server.url,
      name: "ending",
      onProblem: (problem) => away.push(problem.kind),
    });
    await server.kill();
    const look = ending.queues.look(queue);
    look.catch(() => undefined);
    await eventually(() => expect(away.length).toBeGreaterThan(1));
    ending.stopWaiting();
    await expect(look).rejects.toThrow("Connection is closed");
    await ending.close();
    await server.restart();
  });
});
