import type { FunctionSetting, SettingKind } from "@paddock/contracts";
import { and, asc, eq, gt } from "drizzle-orm";
import type { Database } from "../database.ts";
import { functionSettings } from "../schema/functions.ts";

/** Which setting: a kind has one document for each qualifier of a function. */
export interface SettingKey<Kind extends SettingKind = SettingKind> {
  readonly functionName: string;
  readonly kind: Kind;
  readonly qualifier: string;
}

function keyed({ functionName, kind, qualifier }: SettingKey) {
  return and(
    eq(functionSettings.functionName, functionName),
    eq(functionSettings.kind, kind),
    eq(functionSettings.qualifier, qualifier),
  );
}

/** All that is set for one qualifier. */
export function settingsOf(functionName: string, qualifier: string) {
  return and(
    eq(functionSettings.functionName, functionName),
    eq(functionSettings.qualifier, qualifier),
  );
}

/** Undefined where nothing is set. */
export async function readSetting<Kind extends SettingKind>(
  database: Database,
  key: SettingKey<Kind>,
): Promise<FunctionSetting<Kind> | undefined> {
  const [row] = await database.query.select().from(functionSettings).where(keyed(key));
  // `as`: rows of a kind have been written with that kind's document only.
  return row as FunctionSetting<Kind> | undefined;
}

/** Settings of one kind by qualifier, beginning after one. */
export async function listSettings<Kind extends SettingKind>(
  database: Database,
  page: {
    functionName: string;
    kind: Kind;
    afterQualifier?: string | undefined;
    limit: number;
  },
): Promise<FunctionSetting<Kind>[]> {
  const { functionName, kind, afterQualifier, limit } = page;
  const rows = await database.query
    .select()
    .from(functionSettings)
    .where(
      and(
        eq(functionSettings.functionName, functionName),
        eq(functionSettings.kind, kind),
        afterQualifier === undefined ? undefined : gt(functionSettings.qualifier, afterQualifier),
      ),
    )
    .orderBy(asc(functionSettings.qualifier))
    .limit(limit);
  // `as`: as above.
  return rows as FunctionSetting<Kind>[];
}

/** All of one function, or of all functions. */
export async function listAllSettings(
  database: Database,
  page: { functionName?: string | undefined; limit: number },
): Promise<FunctionSetting[]> {
  const { functionName, limit } = page;
  const rows = await database.query
    .select()
    .from(functionSettings)
    .where(functionName === undefined ? undefined : eq(functionSettings.functionName, functionName))
    .orderBy(
      asc(functionSettings.functionName),
      asc(functionSettings.kind),
      asc(functionSettings.qualifier),
    )
    .limit(limit);
  // `as`: as above.
  return rows as FunctionSetting[];
}

/** Sets anew, or in place of what was set. */
export async function writeSetting(database: Database, setting: FunctionSetting): Promise<void> {
  const { document } = setting;
  await database.query
    .insert(functionSettings)
    .values(setting)
    .onConflictDoUpdate({
      target: [functionSettings.functionName, functionSettings.kind, functionSettings.qualifier],
      set: { document },
    });
}

/** False where nothing was set. */
export async function deleteSetting(database: Database, key: SettingKey): Promise<boolean> {
  const deleted = await database.query
    .delete(functionSettings)
    .where(keyed(key))
    .returning({ kind: functionSettings.kind });
  return deleted.length > 0;
}
