/** Version 2 on a directory of ordinary files: which value goes where. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openV2, V2Group } from "./v2.ts";
import { cpuMax, cpuQuotaUs } from "./values.ts";

let root: string;
const read = (...parts: string[]): string => readFileSync(join(root, ...parts), "utf8");
const give = (file: string, text: string): void => writeFileSync(join(root, file), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "paddock-cgroup-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("a group of version 2", () => {
  it("limits memory without swap, CPU by quota and period, and processes", () => {
    give("memory.swap.max", "max");
    const group = new V2Group(root);
    group.setMemory(134_217_728);
    group.setCpus(0.5);
    group.setCpuWeight(1);
    group.setProcesses(1026);
    expect(read("memory.max")).toBe("134217728");
    expect(read("memory.swap.max")).toBe("0");
    expect(read("cpu.max")).toBe("50000 100000");
    expect(read("cpu.weight")).toBe("1");
    expect(read("pids.max")).toBe("1026");
  });

  it("does without the swap limit where the kernel accounts for no swap", () => {
    new V2Group(root).setMemory(1);
    expect(existsSync(join(root, "memory.swap.max"))).toBe(false);
  });

  it("freezes and thaws", () => {
    const group = new V2Group(root);
    group.freeze();
    expect(read("cgroup.freeze")).toBe("1");
    group.thaw();
    expect(read("cgroup.freeze")).toBe("0");
  });

  it("reads the peak anew each time, from memory.current where there is no memory.peak", () => {
    give("memory.current", "4096\n");
    const old = new V2Group(root);
    expect(old.peakMemoryBytes()).toBe(4096);
    give("memory.peak", "1048576\n");
    const group = new V2Group(root);
    expect(group.peakMemoryBytes()).toBe(1_048_576);
    give("memory.peak", "2097152\n");
    expect(group.peakMemoryBytes()).toBe(2_097_152);
  });

  it("does not count file pages that were not used lately as memory in use", () => {
    const group = new V2Group(root);
    expect(group.memoryUseBytes()).toBe(0);
    give("memory.current", "5000000\n");
    give("memory.stat", "anon 3000000\nfile 2000000\ninactive_file 1500000\n");
    expect(group.memoryUseBytes()).toBe(3_500_000);
  });

  it("knows from memory.events that the kernel killed for want of memory", () => {
    const group = new V2Group(root);
    expect(group.outOfMemory()).toBe(false);
    give("memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 0\noom_group_kill 0\n");
    expect(group.outOfMemory()).toBe(false);
    give("memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\noom_group_kill 0\n");
    expect(group.outOfMemory()).toBe(true);
  });

  it("puts what was spawned inside, and what it started", async () => {
    const group = new V2Group(root);
    group.spawnInside(() => ({ pid: 41 }));
    await group.add(42);
    expect(group.processes()).toEqual([42]);
  });
});

describe("the worker's group of version 2", () => {
  it("hands down memory, cpu and pids at each level, where they are not yet", () => {
    give("cgroup.subtree_control", "cpu io");
    mkdirSync(join(root, "paddock/worker"), { recursive: true });
    give("paddock/cgroup.subtree_control", "memory cpu pids");
    give("paddock/worker/cgroup.subtree_control", "");
    const groups = openV2({ mountPoint: root, ownDirectory: root }, "paddock/worker");
    expect(read("cgroup.subtree_control")).toBe("+memory +pids");
    expect(read("paddock/cgroup.subtree_control")).toBe("memory cpu pids");
    expect(read("paddock/worker/cgroup.subtree_control")).toBe("+memory +cpu +pids");
    groups.create("sandbox");
    expect(groups.count()).toBe(1);
  });
});

describe("a CPU quota", () => {
  it.each([
    [1, 100_000],
    [0.07, 7000],
    [5.79, 579_000],
    [0.001, 1000],
  ])("for %f CPUs is %i microseconds a period", (cpus, quotaUs) => {
    expect(cpuQuotaUs(cpus)).toBe(quotaUs);
    expect(cpuMax(cpus)).toBe(`${quotaUs} 100000`);
  });
});
