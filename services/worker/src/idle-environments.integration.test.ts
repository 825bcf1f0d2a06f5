/**
 * Idle functions use no CPU, whatever they left running: measured by the kernel's own account of all
 * threads in this worker's sandboxes, those that are booted ahead included.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Target } from "@paddock/contracts";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;
beforeAll(async () => {
  worker = await startWorkerFixture();
}, 60_000);
afterAll(() => worker.stop(), 60_000);

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};
const list = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** Nanoseconds on a CPU, of every thread in a sandbox of the worker. */
function cpuNs(): number {
  const group = `/paddock/${worker.status()?.workerId}.`;
  return list("/proc")
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/cgroup`).includes(group))
    .flatMap((pid) =>
      list(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`),
    )
    .reduce((sum, path) => sum + Number(read(path).split(" ")[0]), 0);
}

async function untilFrozen(target: Target): Promise<void> {
  await eventually(() => {
    const counts = worker.status()?.environments;
    const own = counts?.find((each) => each.target.functionName === target.functionName);
    expect(own).toMatchObject({ idle: 1, frozen: 1, busy: 0 });
  });
}

/** Two readings half a second apart are equal: what is booted ahead may still be booting at first. */
async function untilCpuStandsStill(): Promise<number> {
  let before = -1;
  await eventually(
    async () => {
      before = cpuNs();
      await sleep(500);
      expect(cpuNs()).toBe(before);
    },
    { timeoutMs: 20_000 },
  );
  return before;
}

const burning = {
  "a timer of Node that burns CPU": {
    runtime: "nodejs24.x",
    files: {
      "index.mjs": `
        let turns = 0;
        const burn = () => { for (const until = Date.now() + 5; Date.now() < until;); turns += 1; };
        setInterval(burn, 1);
        export const handler = async (seen) => {
          while (turns <= seen) await new Promise((resolve) => setTimeout(resolve, 5));
          return turns;
        };`,
    },
  },
  "a thread of Python that burns CPU": {
    runtime: "python3",
    files: {
      "index.py": `
import threading, time
turns = 0
def burn():
    global turns
    while True:
        turns += 1
threading.Thread(target=burn, daemon=True).start()
def handler(seen, context):
    while turns <= seen:
        time.sleep(0.005)
    return turns
`,
    },
  },
};

describe("an idle function with", () => {
  it.each(Object.entries(burning))(
    "%s uses none, and it goes on at the next invocation",
    async (_what, { runtime, files }) => {
      const offered = worker.status()?.runtimes ?? [];
      const target = await worker.deploy(files, {
        runtime: offered.find((name) => name.startsWith(runtime)) ?? runtime,
      });
      const first = await worker.invoke(target, 0);
      const turns = Number(first.payload);
      expect(turns).toBeGreaterThan(0);
      await untilFrozen(target);
      const idleNs = await untilCpuStandsStill();
      const second = await worker.invoke(target, turns, { warm: true });
      expect(Number(second.payload)).toBeGreaterThan(turns);
      expect(cpuNs()).toBeGreaterThan(idleNs);
      await untilFrozen(target);
      await untilCpuStandsStill();
    },
    60_000,
  );
});

describe("what an invocation left behind", () => {
  it("and became due meanwhile happens at the next invocation, and not before", async () => {
    const target = await worker.deploy({
      "index.mjs": `
        let firedAtMs;
        export const handler = async (inMs) => {
          if (inMs > 0) { setTimeout(() => { firedAtMs = Date.now(); }, inMs); return 0; }
          while (firedAtMs === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
          return firedAtMs;
        };`,
    });
    const dueInMs = 1000;
    await worker.invoke(target, dueInMs);
    await untilFrozen(target);
    await sleep(dueInMs);
    const askedAtMs = Date.now();
    const answer = await worker.invoke(target, 0, { warm: true });
    expect(Number(answer.payload)).toBeGreaterThanOrEqual(askedAtMs);
  }, 30_000);

  it("and is a process of its own stands still too, and goes on", async () => {
    const target = await worker.deploy({
      "index.mjs": `
        import { spawn } from "node:child_process";
        let lines = 0;
        const child = spawn("/bin/sh", ["-c", "while :; do echo; done"]);
        child.stdout.on("data", (chunk) => { lines += chunk.length; });
        export const handler = async (seen) => {
          while (lines <= seen) await new Promise((resolve) => setTimeout(resolve, 5));
          return lines;
        };`,
    });
    const first = await worker.invoke(target, 0);
    await untilFrozen(target);
    await untilCpuStandsStill();
    const second = await worker.invoke(target, Number(first.payload), { warm: true });
    expect(Number(second.payload)).toBeGreaterThan(Number(first.payload));
  }, 30_000);
});
