import type { Eviction } from "@paddock/contracts";
import { versionRecord } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { routerLimits } from "../limits.ts";
import { environmentsOf, targetOf, workerStatus } from "../records.fixture.ts";
import { Fleet } from "./fleet.ts";

const target = targetOf("f");
const environments = (idle: number, busy = 0, configId = "c1") => [
  environmentsOf(targetOf("f", configId), { busy, idle }),
];

describe("candidates", () => {
  it("are those that run the runtime and take work, the one with most room first", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("small", [], { memoryGrantedMb: 900 }), 0);
    fleet.heard(workerStatus("large"), 0);
    fleet.heard(workerStatus("leaving", [], { draining: true }), 0);
    fleet.heard(workerStatus("other", [], { runtimes: ["python3.14"] }), 0);
    expect(fleet.candidates("nodejs24.x", 0)).toEqual(["large", "small"]);
  });

  it("count what was granted since the worker last spoke", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a"), 0);
    fleet.heard(workerStatus("b", [], { memoryGrantedMb: 100 }), 0);
    fleet.granted("a", target, versionRecord("f", { memoryMb: 512 }), 1);
    expect(fleet.candidates("nodejs24.x", 1)).toEqual(["b", "a"]);
  });

  it("no longer count a grant twice that a later status shows", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a"), 0);
    fleet.granted("a", target, versionRecord("f"), 1);
    fleet.heard(workerStatus("a"), 2);
    expect(fleet.comingOrIdle(target, 2)).toBe(1);
    const laterMs = 1 + routerLimits.grantSettleMs;
    fleet.heard(workerStatus("a", [environmentsOf(target, { busy: 1 })]), laterMs);
    expect(fleet.comingOrIdle(target, laterMs)).toBe(0);
    expect(fleet.total(target, laterMs)).toBe(1);
  });

  it("are not those that fell silent", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a"), 0);
    expect(fleet.candidates("nodejs24.x", routerLimits.statusSilenceMs)).toEqual([]);
  });
});

describe("idle environments", () => {
  it("are offered once each, and not on workers that were tried", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a", environments(1)), 0);
    fleet.heard(workerStatus("b", environments(1)), 0);
    expect(fleet.takeIdle(target, ["a"], 0)).toBe("b");
    expect(fleet.takeIdle(target, [], 0)).toBe("a");
    expect(fleet.takeIdle(target, [], 0)).toBeUndefined();
  });

  it("of another configuration are never offered", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a", environments(1, 0, "old")), 0);
    expect(fleet.takeIdle(target, [], 0)).toBeUndefined();
  });

  it("are gone from the view when they were reclaimed, or the worker had none", () => {
    const fleet = new Fleet();
    const said = environmentsOf(target, { idle: 3, oldestIdleMs: 500, startMs: 70 });
    fleet.heard(workerStatus("a", [said]), 0);
    fleet.reclaimed("a", target, 1);
    const idle = { workerId: "a", target, count: 2, idleForMs: 600, startMs: 70 };
    expect(fleet.idleEnvironments(100)).toEqual([idle]);
    fleet.reclaimed("a", target, 0);
    expect(fleet.idleEnvironments(0)).toEqual([]);
  });
});

describe("the reason of a cold start", () => {
  const version = versionRecord("f");
  const eviction: Eviction = { atMs: 5, idleMs: 540_000, cause: "idle" };
  const newCode = versionRecord("f", { configId: "c2", codeSha256: "1".repeat(64) });

  it("is the first request where nothing is known of the version", () => {
    expect(new Fleet().coldStartReason(target, version, 0)).toEqual({ kind: "first-request" });
  });

  it("is that all environments have work, with their number, those on their way included", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a", environments(0, 2)), 0);
    fleet.granted("a", target, version, 0);
    expect(fleet.coldStartReason(target, version, 0)).toEqual({
      kind: "scale-up",
      environmentsBefore: 3,
    });
  });

  it("is the last eviction that a worker told of, with when and why", () => {
    const fleet = new Fleet();
    fleet.granted("a", target, version, 0);
    const evictions = [
      { target, eviction },
      { target, eviction: { ...eviction, atMs: 3 } },
    ];
    fleet.heard(workerStatus("a", [], { evictions }), 10_000);
    expect(fleet.coldStartReason(target, version, 10_000)).toEqual({ kind: "evicted", eviction });
  });

  it("is the end of the worker that had the only environment", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a", environments(1)), 0);
    fleet.forget("a", 7);
    expect(fleet.coldStartReason(target, version, 8)).toEqual({
      kind: "evicted",
      eviction: { atMs: 7, idleMs: 0, cause: "worker-gone" },
    });
  });

  it("is new code or a new configuration, as long as none of its environments was granted", () => {
    const fleet = new Fleet();
    fleet.granted("a", target, version, 0);
    const sameCode = { ...newCode, codeSha256: version.codeSha256 };
    const next = { ...target, configId: "c2" };
    expect(fleet.coldStartReason(next, newCode, 10_000)).toEqual({
      kind: "new-configuration",
      changed: "code",
    });
    expect(fleet.coldStartReason(next, sameCode, 10_000)).toEqual({
      kind: "new-configuration",
      changed: "configuration",
    });
    fleet.granted("a", next, newCode, 10_000);
    expect(fleet.coldStartReason(next, newCode, 20_000)).toEqual({ kind: "evicted" });
  });

  it("does not guess what changed of a version that it has only heard of", () => {
    const fleet = new Fleet();
    fleet.heard(workerStatus("a", environments(0, 1, "old")), 0);
    expect(fleet.coldStartReason(target, version, 0)).toEqual({ kind: "new-configuration" });
  });
});
