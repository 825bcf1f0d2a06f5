-- What is set of a function beside its versions' configuration, each kind once for a qualifier:
-- event-invoke configurations, policies, URLs and the like. The documents are control's own.
create table function_settings (
  function_name text not null references functions on delete cascade,
  kind text not null,
  -- $LATEST, a version's number or an alias; $LATEST too for what a function has only once.
  qualifier text not null,
  document jsonb not null,
  primary key (function_name, kind, qualifier)
);
