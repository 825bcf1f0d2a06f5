import type { Database } from "../database.ts";
import { storeLimits } from "../limits.ts";
import type { UsageFilter } from "./usage-summary.ts";

/** When one attempt had an environment for itself. */
export interface StoredAttempt {
  readonly functionName: string;
  readonly version: string;
  readonly memoryMb: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly isColdStart: boolean;
}

interface Row {
  function_name: string;
  version: string;
  memory_mb: number;
  started_at_ms: number;
  finished_at_ms: number;
  is_cold_start: boolean;
}

/**
 * Attempts as they are on record at one moment, a page at a time and in no order: that is one way
 * through the table, where pages in order would each look for their place. Those that the platform
 * failed are left out: nobody knows whether they had an environment. A reader that takes its time
 * holds a connection, and loses it after `attemptsPauseMs`.
 */
export async function* readAttempts(
  database: Database,
  filter: UsageFilter,
): AsyncGenerator<StoredAttempt[]> {
  const client = await database.pool.connect();
  let isWhole = false;
  try {
    await client.query("begin read only");
    await client.query(settings);
    await client.query(declaration(filter), parametersOf(filter));
    for (;;) {
      const { rows } = await client.query<Row>(`fetch ${storeLimits.attemptsPage} from attempts`);
      if (rows.length === 0) break;
      yield rows.map(toAttempt);
    }
    await client.query("commit");
    isWhole = true;
  } finally {
    // The reader left, or something failed: the transaction ends with its connection.
    client.release(!isWhole);
  }
}

const settings = `set local cursor_tuple_fraction = 1;
set local idle_in_transaction_session_timeout = ${storeLimits.attemptsPauseMs}`;

function parametersOf({ functionName, sinceMs = 0 }: UsageFilter): (string | number)[] {
  return functionName === undefined ? [sinceMs] : [sinceMs, functionName];
}

function declaration({ functionName }: UsageFilter): string {
  return `declare attempts no scroll cursor for
select function_name, version, memory_mb, started_at_ms, finished_at_ms,
  coalesce(cold_start ->> 'kind' <> 'reset', false) as is_cold_start
from usage_records
where finished_at_ms >= $1 and outcome <> 'platform-error'
  ${functionName === undefined ? "" : "and function_name = $2"}`;
}

function toAttempt(row: Row): StoredAttempt {
  return {
    functionName: row.function_name,
    version: row.version,
    memoryMb: row.memory_mb,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    isColdStart: row.is_cold_start,
  };
}
