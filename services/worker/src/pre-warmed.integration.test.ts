/** Environments that the router has made before they are asked for, and the fixed time-out. */
import { randomBytes } from "node:crypto";
import { channels } from "@paddock/bus";
import type { Target, UsageRecord } from "@paddock/contracts";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;
const records: UsageRecord[] = [];
beforeAll(async () => {
  worker = await startWorkerFixture({ PADDOCK_IDLE_ENVIRONMENT_TIMEOUT_SECONDS: "1" });
  worker.bus.subscribe(channels.usage, {}, ({ document }) => {
    records.push(...document.records);
  });
}, 60_000);
afterAll(() => worker.stop(), 60_000);

const countsOf = ({ functionName }: Target) =>
  worker.status()?.environments.find((each) => each.target.functionName === functionName);

it("who comes to an environment that was made ahead meets no cold start, and pays for none", async () => {
  const target = await worker.deploy({
    "index.mjs": "const bootedAtMs = Date.now(); export const handler = async () => bootedAtMs;",
  });
  const workerId = worker.status()?.workerId ?? "";
  const environmentId = randomBytes(16).toString("hex");
  const reason = { kind: "pre-warmed" } as const;
  const grant = { environmentId, memoryMb: 128, reason };
  worker.bus.publish(channels.preWarm, { workerId }, { target, grant });
  await eventually(() => expect(countsOf(target)).toMatchObject({ idle: 1, uses: 0 }));
  const askedAtMs = Date.now();
  const answer = await worker.invoke(target, {}, { warm: true });
  expect(Number(answer.payload)).toBeLessThan(askedAtMs);
  await eventually(() => {
    const record = records.find(({ requestId }) => requestId === answer.result.requestId);
    expect(record).toMatchObject({ environmentId, initMs: 0, outcome: "succeeded" });
    expect(record?.coldStart).toBeUndefined();
  });
}, 30_000);

it("an environment is let go after the fixed time-out where nothing is known of its function", async () => {
  const target = await worker.deploy({ "index.mjs": "export const handler = async () => 1;" });
  await worker.invoke(target, {});
  await eventually(() => expect(countsOf(target)).toMatchObject({ idle: 1 }));
  await eventually(() => expect(countsOf(target)).toBeUndefined(), { timeoutMs: 20_000 });
}, 40_000);
