import { and, eq, lt, notExists, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
import { storeLimits } from "../limits.ts";
import { codeArchives, functionVersions } from "../schema/functions.ts";

/** Call before the zip is stored: from now on it is known, and safe from removal for the grace time. */
export async function claimCodeArchive(
  database: Database,
  archive: { sha256: string; sizeBytes: number; nowMs: number },
): Promise<void> {
  const { sha256, sizeBytes, nowMs } = archive;
  await database.query
    .insert(codeArchives)
    .values({ sha256, sizeBytes, usedAtMs: nowMs })
    .onConflictDoUpdate({ target: codeArchives.sha256, set: { usedAtMs: nowMs } });
}

/** Archives that no version refers to and that nobody claimed since `beforeMs`. */
export async function listUnusedCodeArchives(
  database: Database,
  beforeMs: number,
): Promise<string[]> {
  const rows = await database.query
    .select({ sha256: codeArchives.sha256 })
    .from(codeArchives)
    .where(unusedSince(database, beforeMs))
    .limit(storeLimits.pageRows);
  return rows.map((row) => row.sha256);
}

/**
 * Forgets an archive if it is still unused, and removes the zip while its row is locked: somebody
 * who claims the same archive meanwhile waits, and then stores it anew.
 */
export async function removeCodeArchive(
  database: Database,
  archive: { sha256: string; beforeMs: number },
  removeZip: () => Promise<void>,
): Promise<void> {
  await database.query.transaction(async (transaction) => {
    const removed = await transaction
      .delete(codeArchives)
      .where(and(eq(codeArchives.sha256, archive.sha256), unusedSince(database, archive.beforeMs)))
      .returning({ sha256: codeArchives.sha256 });
    if (removed.length > 0) await removeZip();
  });
}

function unusedSince(database: Database, beforeMs: number) {
  const references = database.query
    .select({ one: sql`1` })
    .from(functionVersions)
    .where(eq(functionVersions.codeSha256, codeArchives.sha256));
  return and(lt(codeArchives.usedAtMs, beforeMs), notExists(references));
}
