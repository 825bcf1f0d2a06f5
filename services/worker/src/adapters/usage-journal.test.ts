/** The journal on a real disk; what is published goes to a list that stands for the stream. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type UsageRecord, workerLost } from "@paddock/contracts";
import { startZombie } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lostFixture, usageFixture } from "../records.fixture.ts";
import { journalFolderName, sendOrphanedJournals } from "./orphaned-journals.ts";
import { type JournalEntry, UsageJournal } from "./usage-journal.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "paddock-journal-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function stream() {
  const received: JournalEntry[] = [];
  const ids: string[] = [];
  return {
    received,
    ids,
    publish: async (entries: readonly JournalEntry[], messageId: string) => {
      received.push(...entries);
      ids.push(messageId);
    },
  };
}

const requestIds = (entries: readonly JournalEntry[]): string[] =>
  entries.map(({ record }) => record.requestId);

describe("the usage journal", () => {
  it("has the record on disk before recordUsage returns", () => {
    const directory = join(root, "own");
    const journal = new UsageJournal({
      directory,
      publish: () => new Promise(() => undefined),
      onError: () => undefined,
    });
    journal.recordUsage(usageFixture("r1"));
    const [file] = readdirSync(directory);
    expect(readFileSync(join(directory, file ?? ""), "utf8")).toContain('"requestId":"r1"');
  });

  it("publishes all records, and leaves no file once they are acknowledged", async () => {
    const directory = join(root, "own");
    const { received, publish } = stream();
    const journal = new UsageJournal({ directory, publish, onError: () => undefined });
    for (let index = 0; index < 1000; index += 1) journal.recordUsage(usageFixture(`r${index}`));
    await journal.close(5000);
    expect(new Set(requestIds(received)).size).toBe(1000);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("sends a batch again that the stream did not take, under the same id", async () => {
    const { received, ids, publish } = stream();
    const refused: string[] = [];
    const journal = new UsageJournal({
      directory: join(root, "own"),
      publish: async (entries, messageId) => {
        if (refused.length === 0) {
          refused.push(messageId);
          throw new Error("NATS is away");
        }
        await publish(entries, messageId);
      },
      onError: () => undefined,
    });
    journal.recordUsage(usageFixture("r1"));
    await expect.poll(() => requestIds(received)).toEqual(["r1"]);
    expect(ids).toEqual(refused);
    await journal.close(1000);
  });

  it("keeps on disk what could not be sent until the end", async () => {
    const directory = join(root, "own");
    const journal = new UsageJournal({
      directory,
      publish: () => Promise.reject(new Error("NATS is away")),
      onError: () => undefined,
    });
    journal.recordUsage(usageFixture("r1"));
    await journal.close(50);
    expect(readdirSync(directory)).toHaveLength(1);
  });
});

describe("an attempt that was begun", () => {
  it("keeps its file until it has its usage record, wherever that stands", async () => {
    const directory = join(root, "own");
    const { received, publish } = stream();
    const journal = new UsageJournal({ directory, publish, onError: () => undefined });
    journal.recordBegun(lostFixture("slow"));
    // Enough to fill the first file.
    for (let index = 0; index < 8000; index += 1) journal.recordUsage(usageFixture(`r${index}`));
    await expect.poll(() => received.length).toBe(8000);
    expect(readdirSync(directory)).toContain("1.ndjson");
    journal.recordUsage(usageFixture("slow"));
    await journal.close(5000);
    expect(readdirSync(directory)).toEqual([]);
    expect(received.filter(({ record }) => record.requestId === "slow")).toHaveLength(1);
  });

  it("is on disk before recordBegun returns, and stays there when the worker stops without its end", async () => {
    const directory = join(root, "own");
    const { received, publish } = stream();
    const journal = new UsageJournal({ directory, publish, onError: () => undefined });
    journal.recordBegun(lostFixture("cut-off"));
    const text = readFileSync(join(directory, "1.ndjson"), "utf8");
    expect(text).toContain('"requestId":"cut-off"');
    await journal.close(50);
    expect(readdirSync(directory)).toEqual(["1.ndjson"]);
    expect(received).toEqual([]);
  });
});

describe("journals of dead workers", () => {
  const begun = (requestId: string) => line("begun", lostFixture(requestId));
  const ended = (requestId: string) => line("usage", usageFixture(requestId));
  const line = (kind: string, record: UsageRecord) => `${JSON.stringify({ kind, record })}\n`;

  it("give each attempt one record: its own, or that it was lost with its worker", async () => {
    const orphan = join(root, "999999999-12345");
    mkdirSync(orphan);
    writeFileSync(join(orphan, "2.ndjson"), begun("lost") + begun("long") + begun("short"));
    writeFileSync(join(orphan, "10.ndjson"), ended("long") + begun("last"));
    writeFileSync(join(orphan, "9.ndjson"), ended("short"));
    const { received, publish } = stream();
    const adopted = await sendOrphanedJournals(root, "own", publish);
    expect(adopted).toEqual({ folders: 1, records: 2, lost: 2 });
    const told = received.map(({ record }) => [
      record.requestId,
      "outcome" in record ? (record.errorType ?? record.outcome) : record.fate,
    ]);
    expect(Object.fromEntries(told)).toEqual({
      last: workerLost,
      long: "succeeded",
      lost: workerLost,
      short: "succeeded",
    });
    expect(told).toHaveLength(4);
  });

  it("are sent by the next worker and then removed, without their torn last line", async () => {
    const orphan = join(root, "999999999-12345");
    mkdirSync(orphan);
    const whole = JSON.stringify({ kind: "usage", record: usageFixture("r1") });
    writeFileSync(join(orphan, "1.ndjson"), `${whole}\n${whole.slice(0, 40)}`);
    const { received, publish } = stream();
    const adopted = await sendOrphanedJournals(root, "own", publish);
    expect(adopted).toEqual({ folders: 1, records: 1, lost: 0 });
    expect(requestIds(received)).toEqual(["r1"]);
    expect(readdirSync(root)).toEqual([]);
  });

  it("stay where they are when the stream does not take them", async () => {
    const orphan = join(root, "999999999-12345");
    mkdirSync(orphan);
    const line = JSON.stringify({ kind: "usage", record: usageFixture("r1") });
    writeFileSync(join(orphan, "1.ndjson"), `${line}\n`);
    const refuse = (): Promise<void> => Promise.reject(new Error("NATS is away"));
    await expect(sendOrphanedJournals(root, "own", refuse)).rejects.toThrow("NATS is away");
    expect(readdirSync(root)).toEqual(["999999999-12345"]);
  });

  it("are sent also while the system has not fetched their ended owner yet", async () => {
    const zombie = await startZombie();
    try {
      const stat = readFileSync(`/proc/${zombie.pid}/stat`, "utf8");
      const began = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      mkdirSync(join(root, `${zombie.pid}-${began}`));
      expect(await sendOrphanedJournals(root, "own", stream().publish)).toMatchObject({
        folders: 1,
      });
    } finally {
      zombie.release();
    }
  });

  it("are not touched while their owner lives", async () => {
    mkdirSync(join(root, journalFolderName(process.pid)));
    const { publish } = stream();
    const adopted = await sendOrphanedJournals(root, "other", publish);
    expect(adopted.folders).toBe(0);
  });
});
