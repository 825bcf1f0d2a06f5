/** Functions that do their worst: each gets its error, the next one is served, nothing stays behind. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;
beforeAll(async () => {
  worker = await startWorkerFixture({
    PADDOCK_IDLE_ENVIRONMENT_TIMEOUT_SECONDS: "1",
    // What is booted ahead is the same before and after, whatever was used in between.
    PADDOCK_PREBOOTED_MAX: "2",
  });
}, 60_000);
afterAll(() => worker.stop(), 60_000);

const parsed = (answer: Answer): Record<string, unknown> => JSON.parse(answer.payload);
const handler = (body: string, before = ""): Record<string, string> => ({
  "index.mjs": `${before}\nexport const handler = async (event, context) => { ${body} };\n`,
});

/** What the worker holds on the machine: bubblewraps, its mounts, its groups, its descriptors. */
function holdings(): { processes: number; mounts: number; groups: number; descriptors: number } {
  const pid = worker.status()?.pid ?? 0;
  const workerId = worker.status()?.workerId ?? "";
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, "utf8");
  return {
    processes: readdirSync("/proc").filter((name) => parentOf(name) === String(pid)).length,
    mounts: mounts.split("\n").filter((line) => line.includes("/slots/")).length,
    groups: groupsOf(workerId),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

function parentOf(processName: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${processName}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  } catch {
    // No process, or gone in the meantime.
    return undefined;
  }
}

function groupsOf(workerId: string): number {
  const family = "/sys/fs/cgroup/memory/paddock";
  const name = readdirSync(family).find((entry) => entry.startsWith(`${workerId}.`));
  if (name === undefined) return 0;
  const entries = readdirSync(`${family}/${name}`, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).length;
}

async function answersAfterwards(): Promise<void> {
  const target = await worker.deploy(handler("return 'fine';"));
  expect((await worker.invoke(target, {})).payload).toBe('"fine"');
}

describe("a function that", () => {
  it("prints 100 MB is answered, and its log is bounded", async () => {
    const target = await worker.deploy(
      handler(
        "const line = 'x'.repeat(1023) + '\\n'; for (let i = 0; i < 102400; i += 1) process.stdout.write(line); return 'done';",
      ),
      { timeoutSeconds: 30, memoryMb: 1024 },
    );
    expect((await worker.invoke(target, {})).payload).toBe('"done"');
    await answersAfterwards();
  }, 60_000);

  it("forks 5,000 processes is stopped by its own limit only", async () => {
    const target = await worker.deploy(
      handler(
        "let started = 0; for (let i = 0; i < 5000; i += 1) { const c = spawn('/bin/sleep', ['60']); c.on('error', () => {}); if (c.pid) started += 1; else break; } return started;",
        "import { spawn } from 'node:child_process';",
      ),
      { timeoutSeconds: 30, memoryMb: 3008 },
    );
    const answer = await worker.invoke(target, {});
    const started = Number(answer.payload);
    if (Number.isFinite(started)) expect(started).toBeLessThan(1024);
    else expect(parsed(answer)["errorType"]).toBeDefined();
    await answersAfterwards();
  }, 90_000);

  it("closes its runtime socket ends with Runtime.ExitError", async () => {
    const target = await worker.deploy(
      handler(
        "closeSync(3); await new Promise((r) => setTimeout(r, 3000)); return 1;",
        "import { closeSync } from 'node:fs';",
      ),
    );
    const answer = await worker.invoke(target, {});
    expect(parsed(answer)["errorType"]).toBe("Runtime.ExitError");
    await answersAfterwards();
  }, 60_000);

  it("writes rubbish into its runtime socket harms itself only", async () => {
    const target = await worker.deploy(
      handler(
        "writeSync(3, Buffer.alloc(65536, 0xff)); await new Promise((r) => setTimeout(r, 3000)); return 1;",
        "import { writeSync } from 'node:fs';",
      ),
    );
    const answer = await worker.invoke(target, {});
    expect(parsed(answer)["errorType"]).toBeDefined();
    await answersAfterwards();
  }, 60_000);

  it("leaves a daemon behind does not keep it alive beyond its environment", async () => {
    const target = await worker.deploy(
      handler(
        "spawn('/bin/sh', ['-c', 'setsid sleep 4242 &'], { detached: true, stdio: 'ignore' }).unref(); await new Promise((r) => setTimeout(r, 200)); process.exit(1);",
        "import { spawn } from 'node:child_process';",
      ),
    );
    await worker.invoke(target, {});
    await eventually(() => {
      const all = execFileSync("ps", ["-e", "-o", "args="], { encoding: "utf8" });
      expect(all).not.toContain("sleep 4242");
    });
  }, 60_000);

  it("all of that leaves no process, mount, control group or descriptor behind", async () => {
    const round = async (): Promise<void> => {
      for (const body of ["process.exit(1);", "throw new Error('x');", "return 1;"]) {
        const target = await worker.deploy(handler(body));
        await worker.invoke(target, {});
      }
    };
    const empty = (): void => {
      expect(worker.status()?.environments).toEqual([]);
    };
    await round();
    await eventually(empty, { timeoutMs: 30_000 });
    const before = holdings();
    for (let count = 0; count < 3; count += 1) await round();
    await eventually(empty, { timeoutMs: 30_000 });
    await eventually(() => expect(holdings()).toEqual(before), { timeoutMs: 15_000 });
  }, 120_000);
});
