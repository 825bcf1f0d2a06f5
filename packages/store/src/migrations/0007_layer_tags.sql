-- A layer's tags are those of all its versions.
alter table layers add column tags jsonb not null default '{}';
