-- What the ingest did, and how far each poll has covered.

create table tracksolid.ingestion_log (
  id                text primary key,
  endpoint          text not null,
  run_at            timestamptz not null,
  duration_ms       integer not null,
  success           boolean not null,
  api_calls         integer not null default 0,
  rows_received     integer not null default 0,
  rows_inserted     integer not null default 0,
  rows_updated      integer not null default 0,
  rows_duplicate    integer not null default 0,
  rows_rejected     integer not null default 0,
  vehicles_left_out integer,
  error_code        text,
  error             text
);

-- Health reads the newest rows of each endpoint, housekeeping the oldest of all.
create index ingestion_log_endpoint_run_at_idx on tracksolid.ingestion_log (endpoint, run_at desc);
create index ingestion_log_run_at_idx on tracksolid.ingestion_log (run_at);

comment on table tracksolid.ingestion_log is 'One summary row per poll run and per writer batch.';
comment on column tracksolid.ingestion_log.id is 'Run id or batch id.';
comment on column tracksolid.ingestion_log.endpoint is 'Job name of a poll, or writer.';
comment on column tracksolid.ingestion_log.run_at is 'Start (UTC).';
comment on column tracksolid.ingestion_log.duration_ms is 'Duration, ms.';
comment on column tracksolid.ingestion_log.success is 'The run did all it set out to do.';
comment on column tracksolid.ingestion_log.api_calls is 'Vendor calls made, retries included.';
comment on column tracksolid.ingestion_log.rows_received is 'Items received.';
comment on column tracksolid.ingestion_log.rows_inserted is 'Rows inserted, as the statements counted them.';
comment on column tracksolid.ingestion_log.rows_updated is 'Rows changed, likewise.';
comment on column tracksolid.ingestion_log.rows_duplicate is 'Rows that were there already.';
comment on column tracksolid.ingestion_log.rows_rejected is 'Items rejected.';
comment on column tracksolid.ingestion_log.vehicles_left_out is 'Enabled devices of the polled accounts that the answer silently left out.';
comment on column tracksolid.ingestion_log.error_code is 'Class of the failure, from the closed list.';
comment on column tracksolid.ingestion_log.error is 'What failed, for an operator.';

create table tracksolid.poll_watermarks (
  job          text not null,
  account      text not null,
  imei         text not null,
  covered_from timestamptz not null,
  covered_to   timestamptz not null,
  primary key (job, account, imei)
);
comment on table tracksolid.poll_watermarks is 'What each poll has covered, or, for what has no past, when it last asked; the next run is planned from it. Advances only after the queue took the data.';
comment on column tracksolid.poll_watermarks.job is 'Job name.';
comment on column tracksolid.poll_watermarks.account is 'Account, or * where the job does not distinguish.';
comment on column tracksolid.poll_watermarks.imei is 'Device, or * where the job does not distinguish.';
comment on column tracksolid.poll_watermarks.covered_from is 'Start of the contiguous coverage (UTC).';
comment on column tracksolid.poll_watermarks.covered_to is 'End of it (UTC).';
