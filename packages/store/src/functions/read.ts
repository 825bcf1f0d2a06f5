import type { FunctionSetting } from "@paddock/contracts";
import { and, asc, eq, gt, or, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
import { storeLimits } from "../limits.ts";
import { functionAliases, functions, functionVersions } from "../schema/functions.ts";
import { listAliases, type StoredAlias } from "./aliases.ts";
import { listAllSettings } from "./settings.ts";
import type { StoredFunction, StoredVersion } from "./write.ts";

/** Everything of one function. */
export interface WholeStoredFunction {
  readonly row: StoredFunction;
  /** `$LATEST` first, then by number. */
  readonly versions: readonly StoredVersion[];
  /** By name. */
  readonly aliases: readonly StoredAlias[];
  readonly settings: readonly FunctionSetting[];
}

/** Undefined where there is no such function. */
export async function readFunction(
  database: Database,
  functionName: string,
): Promise<StoredFunction | undefined> {
  const [row] = await database.query
    .select()
    .from(functions)
    .where(eq(functions.functionName, functionName));
  return row;
}

/** Undefined where there is no such version, or no such function. */
export async function readVersion(
  database: Database,
  functionName: string,
  version: string,
): Promise<StoredVersion | undefined> {
  const [row] = await database.query
    .select()
    .from(functionVersions)
    .where(
      and(eq(functionVersions.functionName, functionName), eq(functionVersions.version, version)),
    );
  return row;
}

/** Undefined where there is no such function. */
export async function readWholeFunction(
  database: Database,
  functionName: string,
): Promise<WholeStoredFunction | undefined> {
  const row = await readFunction(database, functionName);
  if (row === undefined) return undefined;
  const limit = storeLimits.functionVersionsRead;
  const [versions, aliases, settings] = await Promise.all([
    listVersions(database, { functionName, limit }),
    listAliases(database, { functionName, limit }),
    listAllSettings(database, { functionName, limit }),
  ]);
  return { row, versions, aliases, settings };
}

/** Everything of all functions in a few queries, for a start of control. */
export async function readAllFunctions(database: Database): Promise<WholeStoredFunction[]> {
  const rows = await database.query.select().from(functions).orderBy(asc(functions.functionName));
  const limit = storeLimits.functionVersionsRead;
  const versions = await listFunctionVersions(database, { latestOnly: false, limit });
  const aliases = await database.query.select().from(functionAliases).limit(limit);
  const settings = await listAllSettings(database, { limit });
  const versionsOf = byFunction(versions);
  const aliasesOf = byFunction(aliases.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  const allSettingsOf = byFunction(settings);
  return rows.map((row) => ({
    row,
    versions: versionsOf(row.functionName),
    aliases: aliasesOf(row.functionName),
    settings: allSettingsOf(row.functionName),
  }));
}

function byFunction<Row extends { readonly functionName: string }>(rows: readonly Row[]) {
  const groups = Map.groupBy(rows, ({ functionName }) => functionName);
  return (functionName: string): Row[] => groups.get(functionName) ?? [];
}

export interface VersionPosition {
  readonly functionName: string;
  readonly versionNumber: number;
}

/** Versions of one function in order, beginning after a number. */
export async function listVersions(
  database: Database,
  page: { functionName: string; afterNumber?: number | undefined; limit: number },
): Promise<StoredVersion[]> {
  return database.query
    .select()
    .from(functionVersions)
    .where(
      and(
        eq(functionVersions.functionName, page.functionName),
        page.afterNumber === undefined
          ? undefined
          : gt(functionVersions.versionNumber, page.afterNumber),
      ),
    )
    .orderBy(asc(functionVersions.versionNumber))
    .limit(page.limit);
}

/** Versions of all functions, or their `$LATEST` only, by name and number, beginning after one. */
export async function listFunctionVersions(
  database: Database,
  page: { latestOnly: boolean; after?: VersionPosition | undefined; limit: number },
): Promise<StoredVersion[]> {
  const { after } = page;
  return database.query
    .select()
    .from(functionVersions)
    .where(
      and(
        page.latestOnly ? eq(functionVersions.version, "$LATEST") : undefined,
        after === undefined
          ? undefined
          : or(
              gt(functionVersions.functionName, after.functionName),
              and(
                eq(functionVersions.functionName, after.functionName),
                gt(functionVersions.versionNumber, after.versionNumber),
              ),
            ),
      ),
    )
    .orderBy(asc(functionVersions.functionName), asc(functionVersions.versionNumber))
    .limit(page.limit);
}

/** Functions with a version that a process left on its way: Pending, or an update in progress. */
export async function listUnsettledFunctions(database: Database): Promise<string[]> {
  const rows = await database.query
    .selectDistinct({ functionName: functionVersions.functionName })
    .from(functionVersions)
    .where(
      or(
        eq(functionVersions.state, "Pending"),
        sql`${functionVersions.lastUpdateStatus} = 'InProgress'`,
      ),
    );
  return rows.map((row) => row.functionName);
}
