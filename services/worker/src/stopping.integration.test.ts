/** A worker that is told to stop while a function runs for longer than it waits. */
import { consume, consumers } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;
beforeAll(async () => {
  worker = await startWorkerFixture();
}, 60_000);
afterAll(() => worker.stop(), 60_000);

describe("an invocation that the worker's stop cuts off", () => {
  it("is the platform's fault: its caller may try again, and nothing is billed", async () => {
    const records: UsageRecord[] = [];
    const taking = await consume(worker.bus, consumers.meterUsage, {
      batch: 1,
      handler: async (messages) => {
        for (const message of messages) {
          records.push(...message.document.records);
          message.ack();
        }
      },
    });
    const target = await worker.deploy(
      {
        "index.mjs": "export const handler = () => new Promise((end) => setTimeout(end, 50_000));",
      },
      { timeoutSeconds: 60 },
    );
    const answer = worker.invoke(target, {});
    await eventually(() => {
      expect(worker.status()?.environments.map(({ busy }) => busy)).toEqual([1]);
    });
    await worker.killWorker("SIGTERM");
    expect((await answer).result).toMatchObject({
      status: "refused",
      errorCode: "ServiceException",
    });
    await eventually(() => expect(records).toHaveLength(1));
    expect(records[0]).toMatchObject({ attempt: 1, outcome: "platform-error", billedMs: 0 });
    await taking.stop();
  }, 60_000);
});
