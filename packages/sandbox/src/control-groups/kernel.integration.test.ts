/** Both versions on the kernel's own file systems, as far as this machine mounts them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { workerName } from "../host/worker-name.ts";
import { until } from "../sandboxes.fixture.ts";
import { countControlGroups, openControlGroups, readHierarchies } from "./open.ts";
import { sharedLimits } from "./shared-limits.ts";
import { V2Group } from "./v2.ts";

const { v1, v2 } = readHierarchies();
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function sleeper(): ChildProcess {
  const child = spawn("/bin/sleep", ["1000"], { stdio: "ignore" });
  children.push(child);
  return child;
}

describe("the control groups of this machine", () => {
  it("hold a spawned process from its start, and take back the worker's own thread", async () => {
    const name = workerName(`test-groups-${process.pid}`);
    const groups = await openControlGroups(name);
    const own = readFileSync("/proc/thread-self/cgroup", "utf8");
    const group = groups.create("one");
    const child = group.spawnInside(sleeper);
    await until(() => group.processes().includes(child.pid ?? 0));
    expect(readFileSync("/proc/thread-self/cgroup", "utf8")).toBe(own);
    expect(readFileSync(`/proc/${child.pid}/cgroup`, "utf8")).toContain(`/paddock/${name}/one`);
    const exit = once(child, "exit");
    await group.remove();
    expect(await exit).toEqual([null, "SIGKILL"]);
    await groups.close();
    expect(countControlGroups((other) => other === name)).toBe(0);
  });

  it("bound what all of a worker's sandboxes use together", async () => {
    const groups = await openControlGroups(workerName(`test-all-${process.pid}`));
    groups.limitAll(sharedLimits(128));
    const group = groups.create("hungry");
    group.setMemory(1024 * 1024 * 1024);
    const taking = "const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1));";
    const child = group.spawnInside(() => {
      const started = spawn(process.execPath, ["-e", taking], { stdio: "ignore" });
      children.push(started);
      return started;
    });
    expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    expect(group.peakMemoryBytes()).toBeLessThan(256 * 1024 * 1024);
    await group.remove();
    await groups.close();
  });

  it("bound the processes of all sandboxes together, below what the machine has", async () => {
    const groups = await openControlGroups(workerName(`test-pids-${process.pid}`));
    const { processes, socketBytes } = sharedLimits(undefined);
    expect(processes).toBeGreaterThan(1024);
    expect(processes).toBeLessThan(Number(readFileSync("/proc/sys/kernel/pid_max", "utf8")));
    // Two sandboxes that may each have twelve processes, and only sixteen together.
    groups.limitAll({ processes: 16, socketBytes });
    // Tried again, for the spawning thread of this process counts too while it is in the group.
    const fork =
      "for (my $made = 0; $made < 12;) { my $p = fork;" +
      " if (!defined $p) { select undef, undef, undef, 0.01 } elsif ($p) { $made++ } else { last } }" +
      " sleep 1000";
    const members = ["one", "two"].map((id) => {
      const group = groups.create(id);
      group.setProcesses(13);
      group.spawnInside(() => {
        const child = spawn("/usr/bin/perl", ["-e", fork], { stdio: "ignore" });
        children.push(child);
        return child;
      });
      return group;
    });
    const count = (): number => members.reduce((sum, group) => sum + group.processes().length, 0);
    await until(() => count() === 16);
    await Promise.all(members.map((group) => group.remove()));
    await groups.close();
  });

  it("bring the thread back when spawning throws", async () => {
    const groups = await openControlGroups(workerName(`test-throw-${process.pid}`));
    const own = readFileSync("/proc/thread-self/cgroup", "utf8");
    const group = groups.create("one");
    const fail = (): { pid: number } => {
      throw new Error("no process");
    };
    expect(() => group.spawnInside(fail)).toThrow("no process");
    expect(readFileSync("/proc/thread-self/cgroup", "utf8")).toBe(own);
    await group.remove();
    await groups.close();
  });

  it("lose the groups of dead workers when the next one opens, and keep those of others", async () => {
    const memory = v1.get("memory") ?? v2;
    const [, namespace] = workerName("x").split(".");
    const dead = join(memory?.mountPoint ?? "", `paddock/dead.${namespace}.999999.1`);
    const foreign = join(memory?.mountPoint ?? "", `paddock/dead.1.999999.1`);
    for (const directory of [dead, foreign])
      mkdirSync(join(directory, "sandbox"), { recursive: true });
    const groups = await openControlGroups(workerName(`test-stale-${process.pid}`));
    expect([existsSync(dead), existsSync(foreign)]).toEqual([false, true]);
    await new V2Group(join(foreign, "sandbox")).remove();
    await new V2Group(foreign).remove();
    await groups.close();
  });

  // Needs the unified hierarchy, which every system with systemd mounts somewhere.
  it.skipIf(v2 === undefined)("of version 2 freeze, thaw, list and kill", async () => {
    const directory = join(v2?.mountPoint ?? "", `paddock-test-${process.pid}`);
    mkdirSync(directory);
    const group = new V2Group(directory);
    const child = group.spawnInside(sleeper);
    await group.add(child.pid ?? 0);
    expect(group.processes()).toEqual([child.pid]);
    const isFrozen = (): boolean =>
      readFileSync(join(directory, "cgroup.events"), "utf8").includes("frozen 1");
    group.freeze();
    await until(isFrozen);
    group.thaw();
    await until(() => !isFrozen());
    await group.remove();
    expect(existsSync(directory)).toBe(false);
  });
});
