import type { UsageRecord } from "@paddock/contracts";
import { usageRecordSchema } from "@paddock/contracts";
import {
  type InvocationsPage,
  type InvocationState,
  type InvocationSummary,
  invocationSummarySchema,
} from "@paddock/contracts/admin";
import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
import { storeLimits } from "../limits.ts";
import { invocations, usageRecords } from "../schema/ledger.ts";

export interface InvocationFilter {
  readonly functionName?: string | undefined;
  readonly state?: InvocationState | undefined;
}

export interface PageRequest {
  /** Rows, at most `storeLimits.pageRows`. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A cursor that no page has handed out. */
export class InvalidCursorError extends Error {
  override readonly name = "InvalidCursorError";
}

/** Newest first; a page's cursor stays good while rows are added. */
export async function listInvocations(
  database: Database,
  filter: InvocationFilter,
  page: PageRequest,
): Promise<InvocationsPage> {
  const limit = Math.min(page.limit, storeLimits.pageRows);
  const conditions: (SQL | undefined)[] = [
    filter.functionName === undefined
      ? undefined
      : eq(invocations.functionName, filter.functionName),
    filter.state === undefined ? undefined : eq(invocations.state, filter.state),
    page.cursor === undefined ? undefined : olderThan(page.cursor),
  ];
  const rows = await database.query
    .select()
    .from(invocations)
    .where(and(...conditions))
    .orderBy(desc(invocations.acceptedAtMs), desc(invocations.requestId))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    invocations: shown.map(toSummary),
    ...(rows.length > limit && last !== undefined ? { nextCursor: cursorOf(last) } : {}),
  };
}

/** One invocation with its attempts in the order of their numbers; undefined: not on record. */
export async function getInvocation(
  database: Database,
  requestId: string,
): Promise<{ invocation: InvocationSummary; attempts: UsageRecord[] } | undefined> {
  const [row] = await database.query
    .select()
    .from(invocations)
    .where(eq(invocations.requestId, requestId));
  if (row === undefined) return undefined;
  const attempts = await database.query
    .select()
    .from(usageRecords)
    .where(eq(usageRecords.requestId, requestId))
    .orderBy(asc(usageRecords.attempt))
    .limit(storeLimits.attemptsShown);
  return { invocation: toSummary(row), attempts: attempts.map(toUsageRecord) };
}

function cursorOf(row: { acceptedAtMs: number; requestId: string }): string {
  return Buffer.from(JSON.stringify([row.acceptedAtMs, row.requestId])).toString("base64url");
}

function olderThan(cursor: string): SQL {
  const position = parseCursor(cursor);
  const here = sql`(${invocations.acceptedAtMs}, ${invocations.requestId})`;
  return sql`${here} < (${position.acceptedAtMs}::double precision, ${position.requestId}::text)`;
}

function parseCursor(cursor: string): { acceptedAtMs: number; requestId: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const position: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
    const acceptedAtMs = position[0];
    const requestId = position[1];
    if (typeof acceptedAtMs === "number" && typeof requestId === "string") {
      return { acceptedAtMs, requestId };
    }
  } catch {
    // Falls through to the one error that a wrong cursor gives.
  }
  throw new InvalidCursorError("The cursor is not one that a page has handed out.");
}

function toSummary(row: typeof invocations.$inferSelect): InvocationSummary {
  const { lastAttempt: _lastAttempt, lastErrorType, lastErrorMessage, ...rest } = row;
  return invocationSummarySchema.parse(
    withoutNulls({ ...rest, errorType: lastErrorType, errorMessage: lastErrorMessage }),
  );
}

function toUsageRecord(row: typeof usageRecords.$inferSelect): UsageRecord {
  return usageRecordSchema.parse(withoutNulls(row));
}

/** The database's null is our absent. */
function withoutNulls(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
