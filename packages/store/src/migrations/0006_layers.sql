-- Layers and their versions. Numbers are never used again, even after a version is deleted.
create table layers (
  layer_name text primary key,
  last_version bigint not null default 0
);

create table layer_versions (
  layer_name text not null references layers on delete cascade,
  version_number bigint not null,
  sha256 text not null references code_archives,
  size_bytes bigint not null,
  unzipped_bytes bigint not null,
  description text not null,
  created_at_ms double precision not null,
  license_info text,
  -- Null: the publisher did not say.
  compatible_runtimes jsonb,
  compatible_architectures jsonb,
  -- Null: nothing was ever permitted to anybody.
  policy jsonb,
  primary key (layer_name, version_number)
);
create index layer_versions_by_code on layer_versions (sha256);

-- What an archive takes when it is unpacked; null for those of older Paddocks until it is asked for.
alter table code_archives add column unzipped_bytes bigint;

-- Which versions hold on to a layer's archive.
create index function_versions_by_layer on function_versions
  using gin ((configuration -> 'layers') jsonb_path_ops);
