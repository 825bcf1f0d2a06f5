import type { Trigger } from "@paddock/contracts";
import { asc, count, eq } from "drizzle-orm";
import type { Database } from "../database.ts";
import { storeLimits } from "../limits.ts";
import { triggers } from "../schema/functions.ts";

export async function insertTrigger(database: Database, trigger: Trigger): Promise<void> {
  const { triggerId, functionName } = trigger;
  await database.query.insert(triggers).values({ triggerId, functionName, document: trigger });
}

/** In the order of their ids, one function's or all. */
export async function listTriggers(database: Database, functionName?: string): Promise<Trigger[]> {
  const rows = await database.query
    .select({ document: triggers.document })
    .from(triggers)
    .where(functionName === undefined ? undefined : eq(triggers.functionName, functionName))
    .orderBy(asc(triggers.triggerId))
    .limit(storeLimits.triggersRead);
  return rows.map((row) => row.document);
}

/** The trigger that was removed; undefined where there was none. */
export async function deleteTrigger(
  database: Database,
  triggerId: string,
): Promise<Trigger | undefined> {
  const [row] = await database.query
    .delete(triggers)
    .where(eq(triggers.triggerId, triggerId))
    .returning({ document: triggers.document });
  return row?.document;
}

/** Undefined where there is none. */
export async function readTrigger(
  database: Database,
  triggerId: string,
): Promise<Trigger | undefined> {
  const [row] = await database.query
    .select({ document: triggers.document })
    .from(triggers)
    .where(eq(triggers.triggerId, triggerId));
  return row?.document;
}

export async function countTriggers(database: Database): Promise<number> {
  const [row] = await database.query.select({ count: count() }).from(triggers);
  return row?.count ?? 0;
}
