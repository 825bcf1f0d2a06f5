/** Scheduling of one target's environments, with environments that only count what they do. */
import type { Eviction } from "@paddock/contracts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { limits } from "../limits.ts";
import { IdleFreezer } from "./idle-freezer.ts";
import { TargetPool } from "./target-pool.ts";

const target = { functionName: "f", version: "$LATEST", configId: "c1" };
const inAnHourMs = Date.now() + 3_600_000;

class CountingEnvironment {
  readonly environmentId: string;
  destroyed = 0;
  isFrozen = false;
  canBeThawed = true;
  isResetting = false;
  constructor(environmentId: string) {
    this.environmentId = environmentId;
  }
  idled = 0;
  becameIdle(): void {
    this.idled += 1;
  }
  freeze(): void {
    this.isFrozen = true;
  }
  thaw(): void {
    if (!this.canBeThawed) throw new Error("no control group");
    this.isFrozen = false;
  }
  async destroy(): Promise<void> {
    this.destroyed += 1;
  }
}

function poolWithEvents() {
  const destroyed: string[] = [];
  const failures: unknown[] = [];
  const evictions: Eviction[] = [];
  const freezer = new IdleFreezer<CountingEnvironment>((_environmentId, error) => {
    failures.push(error);
  });
  const events = {
    idleWork: () => undefined,
    evicted: (_pool: unknown, eviction: Eviction) => evictions.push(eviction),
    destroyed: (environmentId: string) => destroyed.push(environmentId),
    failed: (_environmentId: string, error: unknown) => failures.push(error),
  };
  const pool = new TargetPool<CountingEnvironment>(target, events, freezer);
  return { pool, destroyed, failures, evictions };
}

/** Work that ends when `finish` is called. */
function heldWork() {
  const done = Promise.withResolvers<void>();
  const ranOn: string[] = [];
  const work = async (environment: CountingEnvironment): Promise<void> => {
    ranOn.push(environment.environmentId);
    await done.promise;
  };
  return { work, finish: () => done.resolve(), ranOn };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the environments of one target", () => {
  it("gives a waiting invocation the first environment that is free, not the one started for it", async () => {
    const { pool } = poolWithEvents();
    await pool.add("first", async () => new CountingEnvironment("first"));
    const running = heldWork();
    expect(pool.tryRun(running.work)).toBe(true);
    const slowStart = Promise.withResolvers<CountingEnvironment>();
    const waiting = heldWork();
    pool.wait({ work: waiting.work, giveUp: () => undefined, expiresAtMs: inAnHourMs });
    void pool.add("second", () => slowStart.promise);
    running.finish();
    await settle();
    expect(waiting.ranOn).toEqual(["first"]);
    slowStart.resolve(new CountingEnvironment("second"));
    await settle();
    expect(pool.counts()).toMatchObject({ starting: 0, busy: 1, idle: 1 });
  });

  it("refuses to run work when every environment is busy", async () => {
    const { pool } = poolWithEvents();
    await pool.add("only", async () => new CountingEnvironment("only"));
    expect(pool.tryRun(heldWork().work)).toBe(true);
    expect(pool.tryRun(heldWork().work)).toBe(false);
  });

  it("tells those who wait when the last environment could not be made", async () => {
    const { pool, destroyed, failures } = poolWithEvents();
    const reasons: string[] = [];
    pool.wait({
      work: heldWork().work,
      giveUp: (why) => reasons.push(why),
      expiresAtMs: inAnHourMs,
    });
    await pool.add("broken", () => Promise.reject(new Error("no bubblewrap")));
    expect(reasons).toEqual(["no bubblewrap"]);
    expect(failures).toHaveLength(1);
    expect(destroyed).toEqual(["broken"]);
  });

  it("does not start an invocation whose caller is gone", async () => {
    const { pool } = poolWithEvents();
    const reasons: string[] = [];
    const late = heldWork();
    pool.wait({ work: late.work, giveUp: (why) => reasons.push(why), expiresAtMs: 1 });
    await pool.add("one", async () => new CountingEnvironment("one"));
    expect(late.ranOn).toEqual([]);
    expect(reasons).toEqual(["the caller is gone"]);
  });

  it("reclaims an idle environment and gives its lease back", async () => {
    const { pool, destroyed } = poolWithEvents();
    for (const id of ["old", "new"]) await pool.add(id, async () => new CountingEnvironment(id));
    const [old, ...others] = pool.idleEnvironments();
    expect([old?.environment.environmentId, others.length]).toEqual(["old", 1]);
    await pool.reclaim(new Set(old === undefined ? [] : [old.environment]));
    expect(destroyed).toEqual(["old"]);
    expect(pool.size).toBe(1);
  });

  it("does not reclaim an environment that has begun to work meanwhile", async () => {
    const { pool, destroyed } = poolWithEvents();
    await pool.add("one", async () => new CountingEnvironment("one"));
    const chosen = new Set(pool.idleEnvironments().map(({ environment }) => environment));
    pool.tryRun(heldWork().work);
    await pool.reclaim(chosen);
    expect(destroyed).toEqual([]);
  });

  it("tells of the evictions that it is given a cause for, and not of what is out of date", async () => {
    const { pool, evictions } = poolWithEvents();
    for (const id of ["a", "b"]) await pool.add(id, async () => new CountingEnvironment(id));
    const [first] = pool.idleEnvironments();
    if (first === undefined) throw new Error("none is idle");
    await pool.reclaim(new Set([first.environment]), { cause: "room", forFunction: "other" });
    expect(evictions).toMatchObject([{ cause: "room", forFunction: "other" }]);
    expect(evictions[0]?.idleMs).toBeGreaterThanOrEqual(0);
    await pool.retire();
    expect(evictions).toHaveLength(1);
  });

  it("destroys a busy environment of an old configuration after its work, and reuses none", async () => {
    const { pool, destroyed } = poolWithEvents();
    await pool.add("busy", async () => new CountingEnvironment("busy"));
    const running = heldWork();
    pool.tryRun(running.work);
    await pool.retire();
    expect(destroyed).toEqual([]);
    running.finish();
    await settle();
    await settle();
    expect(destroyed).toEqual(["busy"]);
  });

  it("destroys an environment whose work threw: nobody knows its state", async () => {
    const { pool, destroyed, failures } = poolWithEvents();
    await pool.add("one", async () => new CountingEnvironment("one"));
    pool.tryRun(() => Promise.reject(new Error("lost")));
    await settle();
    expect(destroyed).toEqual(["one"]);
    expect(failures).toHaveLength(1);
  });
});

describe("an invocation that may wait a little only", () => {
  const shortWait = { expiresAtMs: inAnHourMs, waitMs: 1 };

  it("gives up when no environment is free and none is on its way", async () => {
    const { pool } = poolWithEvents();
    await pool.add("busy", async () => new CountingEnvironment("busy"));
    pool.tryRun(heldWork().work);
    const reason = await new Promise((resolve) => {
      pool.wait({ ...shortWait, work: heldWork().work, giveUp: resolve });
    });
    expect(reason).toBe("no environment was free");
  });

  it("stays in line while an environment is being reset, which keeps its /tmp for it", async () => {
    const { pool } = poolWithEvents();
    const environment = new CountingEnvironment("reset");
    await pool.add("reset", async () => environment);
    const timedOut = heldWork();
    pool.tryRun(timedOut.work);
    environment.isResetting = true;
    const reasons: string[] = [];
    const waiting = heldWork();
    pool.wait({ ...shortWait, work: waiting.work, giveUp: (why) => reasons.push(why) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reasons).toEqual([]);
    timedOut.finish();
    await settle();
    expect(waiting.ranOn).toEqual(["reset"]);
  });

  it("stays in line while as many environments are being started as invocations wait", async () => {
    const { pool } = poolWithEvents();
    const slowStart = Promise.withResolvers<CountingEnvironment>();
    void pool.add("slow", () => slowStart.promise);
    const reasons: string[] = [];
    const waiting = heldWork();
    pool.wait({ ...shortWait, work: waiting.work, giveUp: (why) => reasons.push(why) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reasons).toEqual([]);
    slowStart.resolve(new CountingEnvironment("slow"));
    await settle();
    expect(waiting.ranOn).toEqual(["slow"]);
  });
});

describe("an environment that is idle", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  async function idlePool(count: number) {
    vi.useFakeTimers();
    const parts = poolWithEvents();
    const all = Array.from({ length: count }, (_, index) => new CountingEnvironment(`e${index}`));
    for (const environment of all) {
      await parts.pool.add(environment.environmentId, async () => environment);
    }
    return { ...parts, all };
  }

  it("is frozen after a moment, and thawed before its next work", async () => {
    const { pool, all } = await idlePool(1);
    vi.advanceTimersByTime(limits.freezeAfterIdleMs - 1);
    expect(all[0]?.isFrozen).toBe(false);
    vi.advanceTimersByTime(2);
    expect(all[0]?.isFrozen).toBe(true);
    expect(pool.counts()).toEqual({ starting: 0, busy: 0, idle: 1, frozen: 1 });
    let wasFrozenAtWork: boolean | undefined;
    pool.tryRun(async (environment) => {
      wasFrozenAtWork = environment.isFrozen;
    });
    expect(wasFrozenAtWork).toBe(false);
    expect(pool.counts()).toMatchObject({ busy: 1, frozen: 0 });
  });

  it("is not frozen while it is in steady use", async () => {
    const { pool, all } = await idlePool(1);
    for (let round = 0; round < 10; round += 1) {
      await vi.advanceTimersByTimeAsync(limits.freezeAfterIdleMs / 2);
      expect(pool.tryRun(async () => undefined)).toBe(true);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(all[0]?.isFrozen).toBe(false);
    vi.advanceTimersByTime(limits.freezeAfterIdleMs + 1);
    expect(all[0]?.isFrozen).toBe(true);
  });

  it("is frozen with many others some at a time", async () => {
    const { all } = await idlePool(3 * limits.freezesPerTurn);
    const frozen = (): number => all.filter(({ isFrozen }) => isFrozen).length;
    vi.advanceTimersByTime(limits.freezeAfterIdleMs + 1);
    expect(frozen()).toBe(limits.freezesPerTurn);
    vi.advanceTimersByTime(3 * limits.freezeTurnPauseMs);
    expect(frozen()).toBe(all.length);
  });

  it("is destroyed when it cannot be thawed, and another one does the work", async () => {
    const { pool, all, destroyed, failures } = await idlePool(2);
    vi.advanceTimersByTime(limits.freezeAfterIdleMs + 1);
    for (const environment of all) environment.canBeThawed = environment.environmentId !== "e1";
    const running = heldWork();
    expect(pool.tryRun(running.work)).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(running.ranOn).toEqual(["e0"]);
    expect(destroyed).toEqual(["e1"]);
    expect(failures).toHaveLength(1);
  });

  it("is not frozen any more once it is gone", async () => {
    const { pool, all } = await idlePool(1);
    await pool.reclaim(new Set(all));
    vi.advanceTimersByTime(limits.freezeAfterIdleMs + 1);
    expect(all[0]?.isFrozen).toBe(false);
  });

  it("is let go when it was idle for longer than it is kept, which may depend on its having worked", async () => {
    const { pool, destroyed } = await idlePool(3);
    pool.tryRun(async () => undefined);
    await vi.advanceTimersByTimeAsync(1000);
    await pool.letGo((isUsed) => (isUsed ? 999 : 1000));
    expect(destroyed).toEqual(["e2"]);
    await vi.advanceTimersByTimeAsync(1);
    await pool.letGo(() => 1000);
    expect(destroyed).toEqual(["e2", "e0", "e1"]);
    expect(pool.size).toBe(0);
  });
});

describe("what a pool says of itself", () => {
  it("counts uses, and the most that were busy since it was asked last", async () => {
    const { pool } = poolWithEvents();
    for (const id of ["a", "b"]) await pool.add(id, async () => new CountingEnvironment(id));
    expect(pool.report()).toMatchObject({ uses: 0, peakBusy: 0, idle: 2 });
    const [one, two] = [heldWork(), heldWork()];
    pool.tryRun(one.work);
    pool.tryRun(two.work);
    one.finish();
    await settle();
    expect(pool.report()).toMatchObject({ uses: 2, peakBusy: 2, busy: 1, idle: 1 });
    two.finish();
    await settle();
    expect(pool.report()).toMatchObject({ uses: 2, peakBusy: 1, busy: 0, idle: 2 });
    expect(pool.report()).toMatchObject({ uses: 2, peakBusy: 0 });
  });

  it("tells an environment when it has become idle, for the first time and again", async () => {
    const { pool } = poolWithEvents();
    const environment = new CountingEnvironment("a");
    await pool.add("a", async () => environment);
    expect(environment.idled).toBe(1);
    pool.tryRun(async () => undefined);
    await settle();
    expect(environment.idled).toBe(2);
  });
});
