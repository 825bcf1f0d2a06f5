/**
 * Functions that hold on to memory between their invocations, on a worker whose sandboxes may use
 * 900 MB together: idle environments go before the kernel ends one that runs.
 */
import { openIdleHistories } from "@paddock/bus";
import type { Target } from "@paddock/contracts";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

const useLimitMb = 900;
let worker: WorkerFixture;
beforeAll(async () => {
  worker = await startWorkerFixture({ PADDOCK_WORKER_MEMORY_USE_MB: String(useLimitMb) });
}, 60_000);
afterAll(() => worker.stop(), 60_000);

const holding = {
  "index.mjs": `
    const held = [];
    export const handler = async (mb) => {
      held.push(Buffer.alloc(mb << 20, 1));
      return held.length;
    };`,
};

const idleOf = ({ functionName }: Target): number | undefined =>
  worker.status()?.environments.find((each) => each.target.functionName === functionName)?.idle;

/** A function that was often used again after so many minutes, and never otherwise. */
async function deployWithHistory(minutes: number): Promise<Target> {
  const target = await worker.deploy(holding, { memoryMb: 1024 });
  const { functionName, version } = target;
  const bins: [number, number][] = [[minutes, 2000]];
  const history = { functionName, version, bins, outOfBounds: 0, agedAtMs: Date.now() };
  await openIdleHistories(worker.bus).put(history, history);
  return target;
}

it("the least valuable idle environment is evicted when memory is nearly full, and no other", async () => {
  const inAnHour = await deployWithHistory(60);
  const allTheTime = await deployWithHistory(0);
  const targets = [inAnHour, allTheTime];
  for (const target of targets) await worker.invoke(target, 200);
  await eventually(() => {
    expect(targets.map(idleOf)).toEqual([1, 1]);
    expect(worker.status()?.memoryUsedMb).toBeGreaterThan(400);
  });
  // Above the mark with this, and below what the kernel allows: nothing that runs is ended.
  const mb = Math.round(useLimitMb * 0.95) - (worker.status()?.memoryUsedMb ?? 0);
  const answer = await worker.invoke(allTheTime, mb, { warm: true });
  expect(answer.payload).toBe("2");
  await eventually(() => expect(targets.map(idleOf)).toEqual([undefined, 1]));
  expect(worker.output()).toContain("memory is nearly full");
  await eventually(() => {
    const status = worker.status();
    expect(status?.memoryUseLimitMb).toBe(useLimitMb);
    expect(status?.memoryUsedMb).toBeLessThan(useLimitMb * 0.9);
  });
  expect((await worker.invoke(allTheTime, 1, { warm: true })).payload).toBe("3");
}, 60_000);
