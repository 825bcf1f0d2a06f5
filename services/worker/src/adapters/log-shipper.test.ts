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
  // Time stands still, so that an allowance does not grow meanwhile.
  const logs = new LogShipper(
    publish ?? take,
    () => undefined,
    () => 0,
  );
  return { batches, logs };
}

describe("the way of log lines to NATS", () => {
  it("keeps the order of a stream's events over several batches", async () => {
    const { batches, logs } = shipper();
    const count = 2 * limits.logBatchEvents + 10;
    for (let index = 0; index < count; index += 1) {
      logs.append(stream, [{ timestampMs: index, message: `${index}\n` }], "function");
    }
    await logs.close(1000);
    const messages = batches.flatMap((batch) => batch.events.map((event) => event.message));
    expect(messages).toEqual(Array.from({ length: count }, (_, index) => `${index}\n`));
    expect(batches.length).toBeGreaterThan(1);
  });

  /** `count` events as long as may be; returns how many bytes each has. */
  function flood(logs: LogShipper, count: number): number {
    const message = `${"x".repeat(limits.logEventBytes - 1)}\n`;
    for (let index = 0; index < count; index += 1) {
      logs.append(stream, [{ timestampMs: 1, message }], "function");
    }
    return message.length;
  }

  const textsOf = (batches: readonly LogBatch[]): string[] =>
    batches.flatMap((batch) => batch.events.map((event) => event.message));

  /** What the notes in the log add up to. */
  function droppedIn(texts: readonly string[]): { records: number; bytes: number } {
    const notes = texts.filter((text) => text.includes("platform.logsDropped"));
    const records = notes.map((text) => {
      const note: { record: { droppedRecords: number; droppedBytes: number } } = JSON.parse(text);
      return note.record;
    });
    return {
      records: records.reduce((sum, { droppedRecords }) => sum + droppedRecords, 0),
      bytes: records.reduce((sum, { droppedBytes }) => sum + droppedBytes, 0),
    };
  }

  it("drops what a flooding function writes beyond its allowance, and says how much in its log", async () => {
    const { batches, logs } = shipper();
    const events = Math.ceil((2 * limits.logBurstBytes) / limits.logEventBytes);
    const bytes = flood(logs, events);
    logs.append(stream, [{ timestampMs: 2, message: "REPORT\n" }], "platform");
    await logs.close(5000);
    const texts = textsOf(batches);
    const kept = texts.filter((text) => text.length === bytes).length;
    expect(kept).toBeGreaterThan(events / 3);
    expect(kept * bytes).toBeLessThanOrEqual(limits.logBurstBytes);
    expect(droppedIn(texts)).toEqual({ records: events - kept, bytes: (events - kept) * bytes });
    expect(texts.at(-1)).toBe("REPORT\n");
  });

  it("takes from other functions what it took before, whatever one of them floods", async () => {
    const { batches, logs } = shipper();
    flood(logs, Math.ceil((2 * limits.logBurstBytes) / limits.logEventBytes));
    const other = { functionName: "other", group: "/aws/lambda/other", stream: "s2" };
    logs.append(other, [{ timestampMs: 1, message: "heard\n" }], "function");
    await logs.close(5000);
    expect(textsOf(batches)).toContain("heard\n");
  });

  it("goes on with the function's log once its allowance has come back", async () => {
    const times = { nowMs: 0 };
    const batches: LogBatch[] = [];
    const publish = async (batch: LogBatch): Promise<void> => void batches.push(batch);
    const logs = new LogShipper(
      publish,
      () => undefined,
      () => times.nowMs,
    );
    flood(logs, Math.ceil((2 * limits.logBurstBytes) / limits.logEventBytes));
    times.nowMs = 1000;
    logs.append(stream, [{ timestampMs: 3, message: "after\n" }], "function");
    await logs.close(5000);
    expect(textsOf(batches)).toContain("after\n");
  });

  it("drops what NATS does not take in time, of all functions together, and says how much", async () => {
    const blocked = Promise.withResolvers<void>();
    const sent: LogBatch[] = [];
    const { logs } = shipper(async (batch) => {
      await blocked.promise;
      sent.push(batch);
    });
    const message = `${"x".repeat(limits.logEventBytes - 1)}\n`;
    const events = Math.ceil((2 * limits.logBacklogBytes) / message.length);
    for (let index = 0; index < events; index += 1) {
      // Each function keeps within its own allowance.
      const group = `/aws/lambda/f${index % 8}`;
      const own = { functionName: "f", group, stream: `s${index % 8}` };
      logs.append(own, [{ timestampMs: 1, message }], "function");
    }
    blocked.resolve();
    await logs.close(5000);
    const texts = textsOf(sent);
    const kept = texts.filter((text) => text === message).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept * message.length).toBeLessThanOrEqual(limits.logBacklogBytes);
    expect(droppedIn(texts).records).toBe(events - kept);
  });
});
