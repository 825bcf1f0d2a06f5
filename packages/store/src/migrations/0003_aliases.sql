-- Names that lead to one version of a function, or split its traffic between two.
create table function_aliases (
  function_name text not null references functions on delete cascade,
  name text not null,
  version text not null,
  -- At most one further version with its share of the traffic, 0 to 1.
  additional_version_weights jsonb not null default '{}',
  description text not null,
  revision_id uuid not null,
  primary key (function_name, name)
);
