import {
  type AsyncInvocation,
  type FateRecord,
  type UsageRecord,
  workerLost,
} from "@paddock/contracts";
import type pg from "pg";
import type { Database } from "../database.ts";
import { storeLimits } from "../limits.ts";
import {
  acceptedColumns,
  type Column,
  columnNames,
  fateColumns,
  toArrays,
  unnest,
  usageColumns,
} from "./columns.ts";

/**
 * The three ways into the ledger. Each may be called again with the same rows, in any order, by
 * several processes at once, and ends in the same rows:
 * – a usage record is inserted under (request id, attempt) or not at all, in one statement with its
 *   share of the invocation's row; only one that says no more than that the worker was lost gives
 *   way to the worker's own, or to one that missed the attempt earlier and so knows more of it;
 * – of the invocation's row, acceptance sets what only it knows, the attempt with the highest number
 *   sets the outcome, the earliest fate stays, and the earliest of the times counts as acceptance;
 * – rows are locked in the order of their request ids, so that two batches cannot wait for each other.
 */

/** Accepted asynchronous invocations. */
export async function recordAccepted(
  database: Database,
  rows: readonly AsyncInvocation[],
): Promise<void> {
  await inStatements(database, rows, acceptedColumns, {
    name: "record-accepted",
    text: recordAcceptedStatement,
  });
}

/** Attempts that have ended. Returns how many were not on record yet. */
export async function recordUsage(
  database: Database,
  rows: readonly UsageRecord[],
): Promise<{ inserted: number }> {
  const inserted = await inStatements(database, rows, usageColumns, {
    name: "record-usage",
    text: recordUsageStatement,
  });
  return { inserted };
}

/** Ends of asynchronous invocations. */
export async function recordFates(database: Database, rows: readonly FateRecord[]): Promise<void> {
  await inStatements(database, rows, fateColumns, {
    name: "record-fates",
    text: recordFatesStatement,
  });
}

/** Runs the prepared statement for each slice of the rows; sums the `inserted` they report. */
async function inStatements<Row>(
  database: Database,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  statement: { name: string; text: string },
): Promise<number> {
  let inserted = 0;
  for (let start = 0; start < rows.length; start += storeLimits.ledgerStatementRows) {
    const slice = rows.slice(start, start + storeLimits.ledgerStatementRows);
    const query: pg.QueryConfig = { ...statement, values: toArrays(columns, slice) };
    const result = await database.pool.query<{ inserted?: string }>(query);
    inserted += Number(result.rows[0]?.inserted ?? 0);
  }
  return inserted;
}

const recordAcceptedStatement = `
insert into invocations
  (request_id, function_name, invocation_type, trigger, trigger_detail, qualifier, accepted_at_ms)
select distinct on (request_id)
  request_id, function_name, 'Event', trigger, trigger_detail, qualifier, accepted_at_ms
from (${unnest(acceptedColumns)}) as batch
order by request_id
on conflict (request_id) do update set
  invocation_type = 'Event',
  trigger = excluded.trigger,
  trigger_detail = excluded.trigger_detail,
  qualifier = excluded.qualifier,
  accepted_at_ms = least(invocations.accepted_at_ms, excluded.accepted_at_ms)`;

/** A text of ours, without quotes. */
const isLost = (table: string): string =>
  `(${table}.outcome = 'platform-error' and ${table}.error_type is not distinct from '${workerLost}')`;

const usageValues = usageColumns.filter(({ name }) => name !== "request_id" && name !== "attempt");

const recordUsageStatement = `
with batch as (${unnest(usageColumns)}),
best as (
  select distinct on (request_id, attempt) * from batch
  order by request_id, attempt, ${isLost("batch")}, started_at_ms
),
fresh as (
  insert into usage_records (${columnNames(usageColumns)})
  select ${columnNames(usageColumns)} from best order by request_id, attempt
  on conflict (request_id, attempt) do update set
    (${columnNames(usageValues)}) = row(${usageValues.map(({ name }) => `excluded.${name}`).join(", ")})
  where ${isLost("usage_records")}
    and (not ${isLost("excluded")} or excluded.started_at_ms < usage_records.started_at_ms)
  returning *, xmax = 0 as is_new
),
merged as (
  insert into invocations
    (request_id, function_name, invocation_type, trigger, trigger_detail, accepted_at_ms, version,
     attempts, last_attempt, last_outcome, last_error_type, last_error_message,
     last_started_at_ms, last_finished_at_ms)
  select distinct on (request_id)
    request_id, function_name, invocation_type, trigger, trigger_detail, accepted_at_ms, version,
    attempt, attempt, outcome, error_type, error_message, started_at_ms, finished_at_ms
  from fresh
  order by request_id, attempt desc
  on conflict (request_id) do update set
    trigger = coalesce(invocations.trigger, excluded.trigger),
    trigger_detail = coalesce(invocations.trigger_detail, excluded.trigger_detail),
    accepted_at_ms = least(invocations.accepted_at_ms, excluded.accepted_at_ms),
    attempts = greatest(invocations.attempts, excluded.attempts),
    (last_attempt, version, last_outcome, last_error_type, last_error_message,
     last_started_at_ms, last_finished_at_ms) = (
      select newest.last_attempt, newest.version, newest.last_outcome, newest.last_error_type,
        newest.last_error_message, newest.last_started_at_ms, newest.last_finished_at_ms
      from (values
        (invocations.last_attempt, 0, invocations.version, invocations.last_outcome,
         invocations.last_error_type, invocations.last_error_message,
         invocations.last_started_at_ms, invocations.last_finished_at_ms),
        (excluded.last_attempt, 1, excluded.version, excluded.last_outcome,
         excluded.last_error_type, excluded.last_error_message,
         excluded.last_started_at_ms, excluded.last_finished_at_ms)
      ) as newest (last_attempt, recency, version, last_outcome, last_error_type,
                   last_error_message, last_started_at_ms, last_finished_at_ms)
      order by newest.last_attempt desc, newest.recency desc limit 1
    )
)
select count(*) filter (where is_new) as inserted from fresh`;

const recordFatesStatement = `
insert into invocations
  (request_id, function_name, invocation_type, accepted_at_ms, attempts, fate, fate_detail, decided_at_ms)
select distinct on (request_id)
  request_id, function_name, 'Event', decided_at_ms, attempts, fate, detail, decided_at_ms
from (${unnest(fateColumns)}) as batch
order by request_id, decided_at_ms, fate
on conflict (request_id) do update set
  attempts = greatest(invocations.attempts, excluded.attempts),
  fate = case when invocations.decided_at_ms <= excluded.decided_at_ms
    then invocations.fate else excluded.fate end,
  fate_detail = case when invocations.decided_at_ms <= excluded.decided_at_ms
    then invocations.fate_detail else excluded.fate_detail end,
  decided_at_ms = least(invocations.decided_at_ms, excluded.decided_at_ms)`;
