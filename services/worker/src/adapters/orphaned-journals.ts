/**
 * Journals that dead workers of this machine left behind: sent by the next worker, then removed.
 * A folder is named after its owner's process id and start time, so that a new process with an old
 * id is not taken for the owner.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fateRecordSchema, usageRecordSchema } from "@paddock/contracts";
import { startTimeOf } from "@paddock/sandbox";
import { limits } from "../limits.ts";
import { contentId, type JournalEntry, type PublishEntries } from "./usage-journal.ts";

/** Name of the folder of the process with this id. */
export function journalFolderName(processId: number): string {
  return `${processId}-${startTimeOf(processId) ?? "unknown"}`;
}

export interface Adopted {
  readonly folders: number;
  readonly records: number;
}

/** Resolves after every orphan's records are in the stream. A failure leaves them for the next time. */
export async function sendOrphanedJournals(
  journalDirectory: string,
  ownFolder: string,
  publish: PublishEntries,
): Promise<Adopted> {
  if (!existsSync(journalDirectory)) return { folders: 0, records: 0 };
  const orphans = readdirSync(journalDirectory).filter(
    (name) => name !== ownFolder && !ownerLives(name),
  );
  let records = 0;
  for (const name of orphans) {
    const folder = join(journalDirectory, name);
    for (const file of readdirSync(folder)) records += await sendFile(join(folder, file), publish);
    rmSync(folder, { recursive: true, force: true });
  }
  return { folders: orphans.length, records };
}

async function sendFile(path: string, publish: PublishEntries): Promise<number> {
  const entries = readFileSync(path, "utf8").split("\n").flatMap(parseLine);
  for (let start = 0; start < entries.length; start += limits.usageBatchRecords) {
    const batch = entries.slice(start, start + limits.usageBatchRecords);
    await publish(batch, contentId(batch));
  }
  return entries.length;
}

/** A torn last line belongs to an invocation that was never answered: it is left out. */
function parseLine(line: string): JournalEntry[] {
  if (line === "") return [];
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null) return [];
    if (!("kind" in entry && "record" in entry)) return [];
    const { kind, record } = entry;
    if (kind === "usage") return [{ kind, record: usageRecordSchema.parse(record) }];
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
