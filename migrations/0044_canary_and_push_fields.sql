-- What the canary device's pushes took to the map, and which fields the vendor has pushed so far.

insert into tracksolid.pipeline_jobs (job, every_s, optional) values ('alerts', 300, false), ('canary', 60, true);

create table reporting.canary_runs (
  minute    timestamptz primary key,
  taken_ms  integer,
  mapped_ms integer,
  version   text not null
);
grant select on reporting.canary_runs to dashboard_ro, analytics_ro, backup_ro;
grant select, insert, update, delete on reporting.canary_runs to ingest_app;
comment on table reporting.canary_runs is
  'A push of the canary device each minute, and what became of it. Grain: minute. A minute without a row had no run, or could not be written.';
comment on column reporting.canary_runs.minute is 'Minute in which it was sent (UTC).';
comment on column reporting.canary_runs.taken_ms is 'How long the push door took to answer with success, ms; null where it did not.';
comment on column reporting.canary_runs.mapped_ms is
  'How long it took from before the push until the live map had the fix, ms; null where that was not seen in time.';
comment on column reporting.canary_runs.version is 'Version of the Worker.';

create table private.push_fields (
  kind          text not null,
  field         text not null,
  first_seen_at timestamptz not null,
  primary key (kind, field)
);
grant select on private.push_fields to backup_ro;
grant select, insert on private.push_fields to ingest_app;
comment on table private.push_fields is
  'Every field that an item of a push has had, by kind of push: what the vendor adds shows here first. Grain: kind and field.';
comment on column private.push_fields.kind is 'What the items are, as in receipts.';
comment on column private.push_fields.field is 'Name of the field, at the top of the item.';
comment on column private.push_fields.first_seen_at is 'When an item with it was first received (UTC).';
