/** The stock of processes that are booted ahead, as the worker's status tells of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;

const node = { "index.mjs": "export const handler = async () => process.pid;" };
const python = { "index.py": "def handler(event, context):\n    return 1\n" };

const stocked = (): number | undefined => worker.status()?.prebooted;
const patience = { timeoutMs: 20_000 };

function pythonRuntime(): string {
  const runtime = worker.status()?.runtimes.find((name) => name.startsWith("python"));
  if (runtime === undefined) throw new Error("this machine has no Python");
  return runtime;
}

it("the stock is empty where the setting says so", async () => {
  const without = await startWorkerFixture({ PADDOCK_PREBOOTED_MAX: "0" });
  try {
    const target = await without.deploy(node);
    expect((await without.invoke(target, {})).result.status).toBe("completed");
    expect(without.status()?.prebooted).toBe(0);
  } finally {
    await without.stop();
  }
}, 60_000);

describe("the stock", () => {
  beforeEach(async () => {
    worker = await startWorkerFixture();
  }, 60_000);
  afterEach(() => worker.stop(), 60_000);

  it("is empty without functions, and has two of each kind that is deployed", async () => {
    await eventually(() => expect(stocked()).toBe(0), patience);
    await worker.deploy(node);
    await eventually(() => expect(stocked()).toBe(2), patience);
    await worker.deploy(node, { memoryMb: 512 });
    await eventually(() => expect(stocked()).toBe(4), patience);
  }, 60_000);

  it("serves functions of every memory size where the runtime does not depend on it", async () => {
    const runtime = pythonRuntime();
    await worker.deploy(python, { runtime });
    await eventually(() => expect(stocked()).toBe(2), patience);
    await worker.deploy(python, { runtime, memoryMb: 512 });
    await worker.deploy(python, { runtime, memoryMb: 1024 });
    await eventually(() => expect(stocked()).toBe(3), patience);
    // A stock for each memory size would go on to six.
    await sleep(3000);
    expect(stocked()).toBe(3);
  }, 60_000);

  it("grows to what a burst took, whichever of it had to boot for itself", async () => {
    const targets = await Promise.all(Array.from({ length: 6 }, () => worker.deploy(node)));
    await eventually(() => expect(stocked()).toBe(6), patience);
    const burst = [...targets, ...targets];
    const answers = await Promise.all(burst.map((target) => worker.invoke(target, {})));
    expect(answers.map(({ result }) => result.status)).toEqual(burst.map(() => "completed"));
    const grown = (): void => expect(stocked()).toBeGreaterThan(6);
    await eventually(grown, patience);
  }, 60_000);
});
