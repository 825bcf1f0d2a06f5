/** The journal on a real disk; what is published goes to a list that stands for the stream. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startZombie } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { usageFixture } from "../records.fixture.ts";
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

describe("journals of dead workers", () => {
  it("are sent by the next worker and then removed, without their torn last line", async () => {
    const orphan = join(root, "999999999-12345");
    mkdirSync(orphan);
    const whole = JSON.stringify({ kind: "usage", record: usageFixture("r1") });
    writeFileSync(join(orphan, "1.ndjson"), `${whole}\n${whole.slice(0, 40)}`);
    const { received, publish } = stream();
    const adopted = await sendOrphanedJournals(root, "own", publish);
    expect(adopted).toEqual({ folders: 1, records: 1 });
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
