import { count, ne, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Database } from "../database.ts";
import { functions, functionVersions } from "../schema/functions.ts";
import { layerVersions } from "../schema/layers.ts";

/** What all functions of the account together take. */

export async function countFunctions(database: Database): Promise<number> {
  const [row] = await database.query.select({ count: count() }).from(functions);
  return row?.count ?? 0;
}

/** Concurrency that functions have reserved: all, or all but one. */
export async function sumReservedConcurrency(
  database: Database,
  exceptFunctionName?: string,
): Promise<number> {
  const sum = sql<number>`coalesce(sum(${functions.reservedConcurrency}), 0)::double precision`;
  const [row] = await database.query
    .select({ sum })
    .from(functions)
    .where(
      exceptFunctionName === undefined ? undefined : ne(functions.functionName, exceptFunctionName),
    );
  return row?.sum ?? 0;
}

/** Sizes of the archives of all versions and layers, each counted as often as it is published. */
export async function sumCodeBytes(database: Database): Promise<number> {
  const sumOf = (size: PgColumn) => sql<number>`coalesce(sum(${size}), 0)::double precision`;
  const [ofFunctions] = await database.query
    .select({ sum: sumOf(functionVersions.codeSizeBytes) })
    .from(functionVersions);
  const [ofLayers] = await database.query
    .select({ sum: sumOf(layerVersions.sizeBytes) })
    .from(layerVersions);
  return (ofFunctions?.sum ?? 0) + (ofLayers?.sum ?? 0);
}
