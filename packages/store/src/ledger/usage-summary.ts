import type { UsageRecord } from "@paddock/contracts";
import { and, eq, gte, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
import { usageRecords } from "../schema/ledger.ts";

/** What one function used on one architecture, platform errors left out: they are not billed. */
export interface UsageSummary {
  readonly functionName: string;
  readonly architecture: UsageRecord["architecture"];
  readonly requests: number;
  readonly errors: number;
  readonly coldStarts: number;
  readonly billedMs: number;
  /** Memory size / 1,024 × billed seconds. */
  readonly gbSeconds: number;
  /** Ephemeral storage beyond the free 512 MB, in GB-seconds. */
  readonly storageGbSeconds: number;
}

export interface UsageFilter {
  readonly functionName?: string | undefined;
  /** Attempts that ended at or after this; absent: all. */
  readonly sinceMs?: number | undefined;
}

/** Sums are made of whole numbers (MB × ms) and divided once, so that they do not drift. */
export async function summariseUsage(
  database: Database,
  filter: UsageFilter,
): Promise<UsageSummary[]> {
  const { functionName, sinceMs } = filter;
  const rows = await database.query
    .select({
      functionName: usageRecords.functionName,
      architecture: usageRecords.architecture,
      requests: sql<string>`count(*)`,
      errors: sql<string>`count(*) filter (where ${usageRecords.outcome} <> 'succeeded')`,
      coldStarts: sql<string>`count(*) filter (where ${usageRecords.coldStart} is not null)`,
      billedMs: sql<string>`sum(${usageRecords.billedMs})`,
      mbMs: sql<string>`sum(${usageRecords.memoryMb}::bigint * ${usageRecords.billedMs})`,
      storageMbMs: sql<string>`sum((${usageRecords.ephemeralStorageMb} - 512)::bigint * ${usageRecords.billedMs})`,
    })
    .from(usageRecords)
    .where(
      and(
        sql`${usageRecords.outcome} <> 'platform-error'`,
        functionName === undefined ? undefined : eq(usageRecords.functionName, functionName),
        sinceMs === undefined ? undefined : gte(usageRecords.finishedAtMs, sinceMs),
      ),
    )
    .groupBy(usageRecords.functionName, usageRecords.architecture)
    .orderBy(usageRecords.functionName, usageRecords.architecture);
  return rows.map((row) => ({
    functionName: row.functionName,
    architecture: row.architecture,
    requests: Number(row.requests),
    errors: Number(row.errors),
    coldStarts: Number(row.coldStarts),
    billedMs: Number(row.billedMs),
    gbSeconds: Number(row.mbMs) / 1024 / 1000,
    storageGbSeconds: Number(row.storageMbMs) / 1024 / 1000,
  }));
}
