import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
import { functions, functionSettings, functionVersions } from "../schema/functions.ts";
import { settingsOf } from "./settings.ts";

/** A row of `functions`. */
export type StoredFunction = typeof functions.$inferSelect;
/** A row of `function_versions`: `$LATEST` or a published version. */
export type StoredVersion = typeof functionVersions.$inferSelect;

/**
 * Inserts a function with its `$LATEST` and, when it is published at once, version 1, all or none.
 * Returns false when the name is taken.
 */
export async function insertFunction(
  database: Database,
  row: StoredFunction,
  versions: readonly StoredVersion[],
): Promise<boolean> {
  return database.query.transaction(async (transaction) => {
    const inserted = await transaction
      .insert(functions)
      .values(row)
      .onConflictDoNothing()
      .returning({ functionName: functions.functionName });
    if (inserted.length === 0) return false;
    await transaction.insert(functionVersions).values([...versions]);
    return true;
  });
}

/**
 * Replaces a version's row if it still has the revision that the change was made from, and inserts
 * the versions published with it. Returns false when somebody else was faster; nothing is written then.
 */
export async function replaceVersion(
  database: Database,
  fromRevisionId: string,
  row: StoredVersion,
  published: readonly StoredVersion[] = [],
): Promise<boolean> {
  return database.query.transaction(async (transaction) => {
    const replaced = await transaction
      .update(functionVersions)
      .set(row)
      .where(
        and(
          eq(functionVersions.functionName, row.functionName),
          eq(functionVersions.version, row.version),
          eq(functionVersions.revisionId, fromRevisionId),
        ),
      )
      .returning({ version: functionVersions.version });
    if (replaced.length === 0) return false;
    for (const version of published) {
      await transaction.insert(functionVersions).values(version);
      await transaction
        .update(functions)
        .set({ lastVersion: sql`greatest(${functions.lastVersion}, ${version.versionNumber})` })
        .where(eq(functions.functionName, version.functionName));
    }
    return true;
  });
}

/** Null: the function draws on the account's unreserved concurrency. False when there is none. */
export async function setReservedConcurrency(
  database: Database,
  functionName: string,
  reservedConcurrency: number | null,
): Promise<boolean> {
  const changed = await database.query
    .update(functions)
    .set({ reservedConcurrency })
    .where(eq(functions.functionName, functionName))
    .returning({ functionName: functions.functionName });
  return changed.length > 0;
}

export async function setTags(
  database: Database,
  functionName: string,
  tags: Record<string, string>,
): Promise<void> {
  await database.query
    .update(functions)
    .set({ tags })
    .where(eq(functions.functionName, functionName));
}

/** Deletes a function with all its versions. Returns false when there is none. */
export async function deleteFunction(database: Database, functionName: string): Promise<boolean> {
  const deleted = await database.query
    .delete(functions)
    .where(eq(functions.functionName, functionName))
    .returning({ functionName: functions.functionName });
  return deleted.length > 0;
}

/** Deletes one published version with what was set for it; its number is not used again. */
export async function deleteVersion(
  database: Database,
  functionName: string,
  version: string,
): Promise<void> {
  await database.query.transaction(async (transaction) => {
    await transaction
      .delete(functionVersions)
      .where(
        and(eq(functionVersions.functionName, functionName), eq(functionVersions.version, version)),
      );
    await transaction.delete(functionSettings).where(settingsOf(functionName, version));
  });
}
