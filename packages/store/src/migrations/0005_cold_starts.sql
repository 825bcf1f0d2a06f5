-- Why an attempt had no environment that was ready, and where the time went: one document, for what
-- is known differs from kind to kind. Of what is on record already, only the kind is known.
alter table usage_records add column cold_start jsonb;
update usage_records set cold_start = jsonb_build_object('kind', cold_start_kind)
where cold_start_kind is not null;
alter table usage_records drop column cold_start_kind, drop column cold_start_detail;
