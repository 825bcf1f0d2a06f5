import type { LayerPolicy } from "@paddock/contracts";
import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Database } from "../database.ts";
import { layers, layerVersions } from "../schema/layers.ts";

/** A row of `layer_versions`. */
export type StoredLayerVersion = typeof layerVersions.$inferSelect;

export interface LayerVersionKey {
  readonly layerName: string;
  readonly versionNumber: number;
}

/** What a reader wants of a layer; a version that says nothing of it does not match. */
export interface LayerFilter {
  readonly runtime?: string | undefined;
  readonly architecture?: string | undefined;
}

/** Publishes under the layer's next number; makes the layer when it is the first. */
export async function insertLayerVersion(
  database: Database,
  row: Omit<StoredLayerVersion, "versionNumber">,
): Promise<StoredLayerVersion> {
  return database.query.transaction(async (transaction) => {
    const [layer] = await transaction
      .insert(layers)
      .values({ layerName: row.layerName, lastVersion: 1 })
      .onConflictDoUpdate({
        target: layers.layerName,
        set: { lastVersion: sql`${layers.lastVersion} + 1` },
      })
      .returning({ lastVersion: layers.lastVersion });
    const [inserted] = await transaction
      .insert(layerVersions)
      .values({ ...row, versionNumber: layer?.lastVersion ?? 1 })
      .returning();
    if (inserted === undefined) throw new Error("unreachable: an insert returns its row");
    return inserted;
  });
}

/** Undefined where there is no such version, or no such layer. */
export async function readLayerVersion(
  database: Database,
  key: LayerVersionKey,
): Promise<StoredLayerVersion | undefined> {
  const [row] = await database.query.select().from(layerVersions).where(keyed(key));
  return row;
}

/** Versions of one layer, the newest first, beginning below a number. */
export async function listLayerVersions(
  database: Database,
  page: LayerFilter & { layerName: string; belowNumber?: number | undefined; limit: number },
): Promise<StoredLayerVersion[]> {
  const { layerName, belowNumber, limit } = page;
  return database.query
    .select()
    .from(layerVersions)
    .where(
      and(
        eq(layerVersions.layerName, layerName),
        belowNumber === undefined ? undefined : lt(layerVersions.versionNumber, belowNumber),
        matches(page),
      ),
    )
    .orderBy(desc(layerVersions.versionNumber))
    .limit(limit);
}

/** The newest matching version of each layer, by the layers' names, beginning after one. */
export async function listLatestLayerVersions(
  database: Database,
  page: LayerFilter & { afterName?: string | undefined; limit: number },
): Promise<StoredLayerVersion[]> {
  const { afterName, limit } = page;
  return database.query
    .selectDistinctOn([layerVersions.layerName])
    .from(layerVersions)
    .where(
      and(
        afterName === undefined ? undefined : gt(layerVersions.layerName, afterName),
        matches(page),
      ),
    )
    .orderBy(asc(layerVersions.layerName), desc(layerVersions.versionNumber))
    .limit(limit);
}

/** Functions that use it keep its archive. Deleting what is not there is no error. */
export async function deleteLayerVersion(database: Database, key: LayerVersionKey): Promise<void> {
  await database.query.delete(layerVersions).where(keyed(key));
}

export async function setLayerPolicy(
  database: Database,
  key: LayerVersionKey,
  policy: LayerPolicy,
): Promise<void> {
  await database.query.update(layerVersions).set({ policy }).where(keyed(key));
}

function keyed({ layerName, versionNumber }: LayerVersionKey) {
  return and(
    eq(layerVersions.layerName, layerName),
    eq(layerVersions.versionNumber, versionNumber),
  );
}

function matches({ runtime, architecture }: LayerFilter) {
  return and(
    holds(layerVersions.compatibleRuntimes, runtime),
    holds(layerVersions.compatibleArchitectures, architecture),
  );
}

function holds(list: PgColumn, value: string | undefined) {
  return value === undefined ? undefined : sql`${list} @> ${JSON.stringify([value])}::jsonb`;
}

/** Undefined where there is no such layer, or none of its versions is left. */
export async function readLayerTags(
  database: Database,
  layerName: string,
): Promise<Record<string, string> | undefined> {
  const [row] = await database.query
    .select({ tags: layers.tags })
    .from(layers)
    .innerJoin(layerVersions, eq(layerVersions.layerName, layers.layerName))
    .where(eq(layers.layerName, layerName))
    .limit(1);
  return row?.tags;
}

export async function setLayerTags(
  database: Database,
  layerName: string,
  tags: Record<string, string>,
): Promise<void> {
  await database.query.update(layers).set({ tags }).where(eq(layers.layerName, layerName));
}
