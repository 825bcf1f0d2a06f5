import type { LogBatch } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.ts";
import { LogShipper } from "./log-shipper.ts";

const stream = { functionName: "hello", group: "/aws/lambda/hello", stream: "s1" };

function shipper(publish?: (batch: LogBatch) => Promise<void>) {
  const batches: LogBatch[] = [];
  const take = async (batch: LogBatch): Promise<void> => {
    batches.push(batch);
  };
  return { batches, logs: new LogShipper(publish ?? take, () => undefined) };
}

describe("the way of log lines to NATS", () => {
  it("keeps the order of a stream's events over several batches", async () => {
    const { batches, logs } = shipper();
    const count = 2 * limits.logBatchEvents + 10;
    for (let index = 0; index < count; index += 1) {
      logs.append(stream, [{ timestampMs: index, message: `${index}\n` }]);
    }
    await logs.close(1000);
    const messages = batches.flatMap((batch) => batch.events.map((event) => event.message));
    expect(messages).toEqual(Array.from({ length: count }, (_, index) => `${index}\n`));
    expect(batches.length).toBeGreaterThan(1);
  });

  it("drops what a flooding function writes beyond the bound, and says how much in its log", async () => {
    const blocked = Promise.withResolvers<void>();
    const sent: LogBatch[] = [];
    const { logs } = shipper(async (batch) => {
      await blocked.promise;
      sent.push(batch);
    });
    const message = `${"x".repeat(limits.logEventBytes - 1)}\n`;
    const events = Math.ceil((2 * limits.logBacklogBytes) / message.length);
    for (let index = 0; index < events; index += 1) {
      logs.append(stream, [{ timestampMs: 1, message }]);
    }
    blocked.resolve();
    await logs.close(5000);
    logs.append(stream, [{ timestampMs: 2, message: "after\n" }]);
    await logs.close(5000);
    const messages = sent.flatMap((batch) => batch.events.map((event) => event.message));
    const kept = messages.filter((text) => text === message).length;
    expect(kept * message.length).toBeLessThanOrEqual(limits.logBacklogBytes);
    const notes = messages.filter((text) => text.includes("platform.logsDropped"));
    const dropped = notes.map((text) => {
      const note: { record: { droppedRecords: number } } = JSON.parse(text);
      return note.record.droppedRecords;
    });
    expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(events - kept);
  });
});
