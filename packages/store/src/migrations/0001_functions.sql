-- Functions, their versions, and what belongs to them.
create table functions (
  function_name text primary key,
  function_id uuid not null,
  created_at_ms double precision not null,
  -- Numbers of published versions are never used again, even after a version is deleted.
  last_version bigint not null default 0,
  reserved_concurrency integer,
  tags jsonb not null default '{}'
);

-- Every zip that is, or may be, in the object store. Entered before the zip is stored there and
-- removed after it is gone, so that none is forgotten; the reference below keeps those in use.
create table code_archives (
  sha256 text primary key,
  size_bytes bigint not null,
  used_at_ms double precision not null
);

create table function_versions (
  function_name text not null references functions on delete cascade,
  version text not null,
  -- 0 for $LATEST: the order in which versions are listed.
  version_number bigint not null,
  config_id text not null,
  revision_id uuid not null,
  state text not null,
  state_reason text,
  state_reason_code text,
  last_update_status text,
  last_update_status_reason text,
  last_update_status_reason_code text,
  code_sha256 text not null references code_archives,
  code_size_bytes bigint not null,
  last_modified_ms double precision not null,
  -- The rest of the configuration, as control's own document.
  configuration jsonb not null,
  primary key (function_name, version)
);
create index function_versions_by_code on function_versions (code_sha256);
create index function_versions_in_order on function_versions (function_name, version_number);

create table triggers (
  trigger_id uuid primary key,
  -- No reference: a trigger outlives its function, as an event source mapping does on AWS.
  function_name text not null,
  document jsonb not null
);
create index triggers_by_function on triggers (function_name);

-- Access keys beside the root one, which is a setting.
create table access_keys (
  access_key_id text primary key,
  document jsonb not null
);
