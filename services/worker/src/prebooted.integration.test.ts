/** The stock of processes that are booted ahead, as the worker's status tells of it. */
import { eventually } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;
beforeEach(async () => {
  worker = await startWorkerFixture();
}, 60_000);
afterEach(() => worker.stop(), 60_000);

const node = { "index.mjs": "export const handler = async () => process.pid;" };
const python = { "index.py": "def handler(event, context):\n    return 1\n" };

async function untilStocked(count: number): Promise<void> {
  await eventually(() => expect(worker.status()?.prebooted).toBe(count), { timeoutMs: 20_000 });
}

function pythonRuntime(): string {
  const runtime = worker.status()?.runtimes.find((name) => name.startsWith("python"));
  if (runtime === undefined) throw new Error("this machine has no Python");
  return runtime;
}

describe("the stock", () => {
  it("is empty without functions, and has two of each kind that is deployed", async () => {
    await untilStocked(0);
    await worker.deploy(node);
    await untilStocked(2);
    await worker.deploy(node, { memoryMb: 512 });
    await untilStocked(4);
  }, 60_000);

  it("serves functions of every memory size where the runtime does not depend on it", async () => {
    const runtime = pythonRuntime();
    await worker.deploy(python, { runtime });
    await worker.deploy(python, { runtime, memoryMb: 512 });
    await untilStocked(2);
  }, 60_000);

  it("grows to what a burst took, whichever of it had to boot for itself", async () => {
    const targets = await Promise.all(Array.from({ length: 6 }, () => worker.deploy(node)));
    await untilStocked(6);
    const burst = [...targets, ...targets];
    const answers = await Promise.all(burst.map((target) => worker.invoke(target, {})));
    expect(answers.map(({ result }) => result.status)).toEqual(burst.map(() => "completed"));
    await untilStocked(12);
  }, 60_000);
});
