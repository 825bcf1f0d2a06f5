import { and, asc, eq, gt } from "drizzle-orm";
import type { Database } from "../database.ts";
import { functionAliases, functionSettings } from "../schema/functions.ts";
import { settingsOf } from "./settings.ts";

/** A row of `function_aliases`. */
export type StoredAlias = typeof functionAliases.$inferSelect;

function named(functionName: string, name: string) {
  return and(eq(functionAliases.functionName, functionName), eq(functionAliases.name, name));
}

/** Undefined where there is no such alias, or no such function. */
export async function readAlias(
  database: Database,
  functionName: string,
  name: string,
): Promise<StoredAlias | undefined> {
  const [row] = await database.query
    .select()
    .from(functionAliases)
    .where(named(functionName, name));
  return row;
}

/** Aliases of one function by name, beginning after one; all, or those of one version. */
export async function listAliases(
  database: Database,
  page: {
    functionName: string;
    version?: string | undefined;
    afterName?: string | undefined;
    limit: number;
  },
): Promise<StoredAlias[]> {
  const { functionName, version, afterName, limit } = page;
  return database.query
    .select()
    .from(functionAliases)
    .where(
      and(
        eq(functionAliases.functionName, functionName),
        version === undefined ? undefined : eq(functionAliases.version, version),
        afterName === undefined ? undefined : gt(functionAliases.name, afterName),
      ),
    )
    .orderBy(asc(functionAliases.name))
    .limit(limit);
}

/** False when the function has an alias of this name. */
export async function insertAlias(database: Database, row: StoredAlias): Promise<boolean> {
  const inserted = await database.query
    .insert(functionAliases)
    .values(row)
    .onConflictDoNothing()
    .returning({ name: functionAliases.name });
  return inserted.length > 0;
}

/** Writes only over the revision that the change was made from; false when it is gone. */
export async function replaceAlias(
  database: Database,
  fromRevisionId: string,
  row: StoredAlias,
): Promise<boolean> {
  const replaced = await database.query
    .update(functionAliases)
    .set(row)
    .where(and(named(row.functionName, row.name), eq(functionAliases.revisionId, fromRevisionId)))
    .returning({ name: functionAliases.name });
  return replaced.length > 0;
}

/** With what was set for it. Deleting what is not there is no error. */
export async function deleteAlias(
  database: Database,
  functionName: string,
  name: string,
): Promise<void> {
  await database.query.transaction(async (transaction) => {
    await transaction.delete(functionAliases).where(named(functionName, name));
    await transaction.delete(functionSettings).where(settingsOf(functionName, name));
  });
}
