/**
 * Journals that dead workers of this machine left behind: sent by the next worker, then removed.
 * A folder is named after its owner's process id and start time, so that a new process with an old
 * id is not taken for the owner.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fateRecordSchema, type UsageRecord, usageRecordSchema } from "@paddock/contracts";
import { startTimeOf } from "@paddock/sandbox";
import { limits } from "../limits.ts";
import {
  attemptKey,
  contentId,
  type JournalEntry,
  type JournalLine,
  type PublishEntries,
} from "./usage-journal.ts";

/** Name of the folder of the process with this id. */
export function journalFolderName(processId: number): string {
  return `${processId}-${startTimeOf(processId) ?? "unknown"}`;
}

export interface Adopted {
  readonly folders: number;
  /** What the dead workers had written down. */
  readonly records: number;
  /** Attempts that died with their workers. */
  readonly lost: number;
}

/** Resolves after every orphan's records are in the stream. A failure leaves them for the next time. */
export async function sendOrphanedJournals(
  journalDirectory: string,
  ownFolder: string,
  publish: PublishEntries,
): Promise<Adopted> {
  if (!existsSync(journalDirectory)) return { folders: 0, records: 0, lost: 0 };
  const orphans = readdirSync(journalDirectory).filter(
    (name) => name !== ownFolder && !ownerLives(name),
  );
  let [records, lost] = [0, 0];
  for (const name of orphans) {
    const folder = join(journalDirectory, name);
    const begun = new Map<string, UsageRecord>();
    for (const file of inOrder(readdirSync(folder))) {
      const entries = readLines(join(folder, file)).flatMap((line) => entryOf(line, begun));
      records += await sendAll(entries, publish);
    }
    lost += await sendAll([...begun.values()].map(asLost), publish);
    rmSync(folder, { recursive: true, force: true });
  }
  return { folders: orphans.length, records, lost };
}

/** `2.ndjson` comes before `10.ndjson`: an attempt is begun in the same file that ends it, or before. */
function inOrder(files: readonly string[]): string[] {
  return files.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

/** What is to be sent of a line; `begun` keeps the attempts whose end has not been read yet. */
function entryOf(line: JournalLine, begun: Map<string, UsageRecord>): JournalEntry[] {
  if (line.kind === "begun") {
    begun.set(attemptKey(line.record), line.record);
    return [];
  }
  if (line.kind === "usage") begun.delete(attemptKey(line.record));
  return [line];
}

function asLost(record: UsageRecord): JournalEntry {
  return { kind: "usage", record };
}

async function sendAll(entries: readonly JournalEntry[], publish: PublishEntries): Promise<number> {
  for (let start = 0; start < entries.length; start += limits.usageBatchRecords) {
    const batch = entries.slice(start, start + limits.usageBatchRecords);
    await publish(batch, contentId(batch));
  }
  return entries.length;
}

function readLines(path: string): JournalLine[] {
  return readFileSync(path, "utf8").split("\n").flatMap(parseLine);
}

/** A torn last line belongs to an invocation that was never answered: it is left out. */
function parseLine(line: string): JournalLine[] {
  if (line === "") return [];
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null) return [];
    if (!("kind" in entry && "record" in entry)) return [];
    const { kind, record } = entry;
    if (kind === "usage" || kind === "begun") {
      return [{ kind, record: usageRecordSchema.parse(record) }];
    }
    if (kind === "fate") return [{ kind, record: fateRecordSchema.parse(record) }];
    return [];
  } catch {
    return [];
  }
}

function ownerLives(folderName: string): boolean {
  const [processId, startTime] = folderName.split("-");
  const now = startTimeOf(Number(processId));
  return now !== undefined && now === startTime;
}
