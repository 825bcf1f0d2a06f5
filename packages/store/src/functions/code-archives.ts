import { and, eq, lt, notExists, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
import { storeLimits } from "../limits.ts";
import { codeArchives, functionVersions } from "../schema/functions.ts";
import { layerVersions } from "../schema/layers.ts";

/** Call before the zip is stored: from now on it is known, and safe from removal for the grace time. */
export async function claimCodeArchive(
  database: Database,
  archive: { sha256: string; sizeBytes: number; unzippedBytes?: number; nowMs: number },
): Promise<void> {
  const { sha256, sizeBytes, unzippedBytes, nowMs } = archive;
  const size = unzippedBytes === undefined ? {} : { unzippedBytes };
  await database.query
    .insert(codeArchives)
    .values({ sha256, sizeBytes, usedAtMs: nowMs, ...size })
    .onConflictDoUpdate({ target: codeArchives.sha256, set: { usedAtMs: nowMs, ...size } });
}

/** Undefined where it was never measured, or where there is no such archive. */
export async function readUnzippedBytes(
  database: Database,
  sha256: string,
): Promise<number | undefined> {
  const [row] = await database.query
    .select({ unzippedBytes: codeArchives.unzippedBytes })
    .from(codeArchives)
    .where(eq(codeArchives.sha256, sha256));
  return row?.unzippedBytes ?? undefined;
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
  const one = { one: sql`1` };
  const functions = database.query
    .select(one)
    .from(functionVersions)
    .where(eq(functionVersions.codeSha256, codeArchives.sha256));
  const published = database.query
    .select(one)
    .from(layerVersions)
    .where(eq(layerVersions.sha256, codeArchives.sha256));
  // A function goes on with a layer's version that was deleted.
  const used = database.query
    .select(one)
    .from(functionVersions)
    .where(
      sql`${functionVersions.configuration} -> 'layers' @> jsonb_build_array(jsonb_build_object('sha256', ${codeArchives.sha256}))`,
    );
  return and(
    lt(codeArchives.usedAtMs, beforeMs),
    notExists(functions),
    notExists(published),
    notExists(used),
  );
}
