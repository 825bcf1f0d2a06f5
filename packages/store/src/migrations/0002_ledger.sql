-- The ledger: one row per attempt, one row per invocation. Records may arrive in any order and more
-- than once; every column is made so that the order does not show.
create table usage_records (
  request_id text not null,
  attempt integer not null,
  function_name text not null,
  version text not null,
  trigger text not null,
  trigger_detail text,
  invocation_type text not null,
  memory_mb integer not null,
  architecture text not null,
  ephemeral_storage_mb integer not null,
  init_ms double precision not null,
  duration_ms double precision not null,
  billed_ms bigint not null,
  peak_memory_mb integer not null,
  outcome text not null,
  error_type text,
  error_message text,
  worker_id text not null,
  environment_id text not null,
  isolation text not null,
  log_group text not null,
  log_stream text not null,
  cold_start_kind text,
  cold_start_detail text,
  accepted_at_ms double precision not null,
  started_at_ms double precision not null,
  finished_at_ms double precision not null,
  primary key (request_id, attempt)
);
create index usage_records_by_time on usage_records (finished_at_ms);
create index usage_records_by_function on usage_records (function_name, finished_at_ms);

create table invocations (
  request_id text primary key,
  function_name text not null,
  invocation_type text not null,
  trigger text,
  trigger_detail text,
  qualifier text,
  accepted_at_ms double precision not null,
  version text,
  attempts integer not null default 0,
  -- The attempt that the last_* columns tell of.
  last_attempt integer not null default 0,
  last_outcome text,
  last_error_type text,
  last_error_message text,
  last_started_at_ms double precision,
  last_finished_at_ms double precision,
  fate text,
  fate_detail text,
  decided_at_ms double precision,
  state text not null generated always as (
    case
      when fate is not null then fate
      when last_outcome is null then 'accepted'
      when last_outcome = 'succeeded' then 'succeeded'
      when invocation_type = 'RequestResponse' then 'failed'
      else 'retrying'
    end
  ) stored
);
create index invocations_by_time on invocations (accepted_at_ms, request_id);
create index invocations_by_function on invocations (function_name, accepted_at_ms, request_id);
create index invocations_by_state on invocations (state, accepted_at_ms, request_id);
