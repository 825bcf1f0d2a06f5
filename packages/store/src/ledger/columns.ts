import type { AsyncInvocation, FateRecord, UsageRecord } from "@paddock/contracts";

/**
 * A batch travels as one array per column, so that a statement has the same text and few parameters
 * whatever the number of rows: `insert … select … from unnest($1::text[], $2::integer[], …)`.
 */
export interface Column<Row> {
  readonly name: string;
  readonly type: "text" | "integer" | "bigint" | "double precision" | "jsonb";
  readonly value: (row: Row) => string | number | undefined;
}

export const usageColumns: readonly Column<UsageRecord>[] = [
  { name: "request_id", type: "text", value: (row) => row.requestId },
  { name: "attempt", type: "integer", value: (row) => row.attempt },
  { name: "function_name", type: "text", value: (row) => row.functionName },
  { name: "version", type: "text", value: (row) => row.version },
  { name: "trigger", type: "text", value: (row) => row.trigger },
  { name: "trigger_detail", type: "text", value: (row) => row.triggerDetail },
  { name: "invocation_type", type: "text", value: (row) => row.invocationType },
  { name: "memory_mb", type: "integer", value: (row) => row.memoryMb },
  { name: "architecture", type: "text", value: (row) => row.architecture },
  { name: "ephemeral_storage_mb", type: "integer", value: (row) => row.ephemeralStorageMb },
  { name: "init_ms", type: "double precision", value: (row) => row.initMs },
  { name: "duration_ms", type: "double precision", value: (row) => row.durationMs },
  { name: "billed_ms", type: "bigint", value: (row) => row.billedMs },
  { name: "peak_memory_mb", type: "integer", value: (row) => row.peakMemoryMb },
  { name: "outcome", type: "text", value: (row) => row.outcome },
  { name: "error_type", type: "text", value: (row) => row.errorType },
  { name: "error_message", type: "text", value: (row) => row.errorMessage },
  { name: "worker_id", type: "text", value: (row) => row.workerId },
  { name: "environment_id", type: "text", value: (row) => row.environmentId },
  { name: "isolation", type: "text", value: (row) => row.isolation },
  { name: "log_group", type: "text", value: (row) => row.logGroup },
  { name: "log_stream", type: "text", value: (row) => row.logStream },
  { name: "cold_start", type: "jsonb", value: (row) => coldStartText(row) },
  { name: "accepted_at_ms", type: "double precision", value: (row) => row.acceptedAtMs },
  { name: "started_at_ms", type: "double precision", value: (row) => row.startedAtMs },
  { name: "finished_at_ms", type: "double precision", value: (row) => row.finishedAtMs },
];

function coldStartText({ coldStart }: UsageRecord): string | undefined {
  return coldStart === undefined ? undefined : JSON.stringify(coldStart);
}

export const acceptedColumns: readonly Column<AsyncInvocation>[] = [
  { name: "request_id", type: "text", value: (row) => row.requestId },
  { name: "function_name", type: "text", value: (row) => row.functionName },
  { name: "trigger", type: "text", value: (row) => row.trigger },
  { name: "trigger_detail", type: "text", value: (row) => row.triggerDetail },
  { name: "qualifier", type: "text", value: (row) => row.qualifier },
  { name: "accepted_at_ms", type: "double precision", value: (row) => row.acceptedAtMs },
];

export const fateColumns: readonly Column<FateRecord>[] = [
  { name: "request_id", type: "text", value: (row) => row.requestId },
  { name: "function_name", type: "text", value: (row) => row.functionName },
  { name: "fate", type: "text", value: (row) => row.fate },
  { name: "detail", type: "text", value: (row) => row.detail },
  { name: "attempts", type: "integer", value: (row) => row.attempts },
  { name: "decided_at_ms", type: "double precision", value: (row) => row.decidedAtMs },
];

export function columnNames<Row>(columns: readonly Column<Row>[]): string {
  return columns.map((column) => column.name).join(", ");
}

/** `select * from unnest($1::text[], …) as incoming (request_id, …)`. */
export function unnest<Row>(columns: readonly Column<Row>[]): string {
  const arrays = columns.map((column, index) => `$${index + 1}::${column.type}[]`).join(", ");
  return `select * from unnest(${arrays}) as incoming (${columnNames(columns)})`;
}

export function toArrays<Row>(columns: readonly Column<Row>[], rows: readonly Row[]) {
  return columns.map(({ value }) => rows.map((row) => storable(value(row))));
}

/** PostgreSQL's text holds no NUL: an error message of a function may well have one. */
function storable(value: string | number | undefined): string | number | null {
  if (typeof value === "string") return value.replaceAll("\u0000", "\uFFFD");
  return value ?? null;
}
