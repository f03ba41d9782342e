-- What the jobs did, who does what, and how far each poll has covered. Old rows are taken away by housekeeping.

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
grant delete on tracksolid.ingestion_log to ingest_app;

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

create table private.leases (
  name       text primary key,
  holder     text not null,
  taken_at   timestamptz not null,
  expires_at timestamptz not null
);
grant delete on private.leases to ingest_app;
comment on table private.leases is 'Who runs what, by compare and set: never advisory locks, connections are pooled by transaction.';
comment on column private.leases.name is 'What is leased, e.g. a job.';
comment on column private.leases.holder is 'Run id of the holder.';
comment on column private.leases.taken_at is 'When it was taken (UTC).';
comment on column private.leases.expires_at is 'From then on anybody may take it (UTC).';

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

-- Jobs that ask for spans of the past. A run is planned from what is covered and cut into windows; a message of the
-- queue of jobs carries one. The row of a window is its lease: who works on it says so again and again, and whose
-- silence lasts too long has lost it.

create table private.job_runs (
  id           text primary key,
  job          text not null,
  cause        text not null check (cause in ('tick', 'request', 'gaps', 'second_look')),
  planned_at   timestamptz not null,
  span_from    timestamptz,
  span_to      timestamptz,
  windows      integer not null,
  windows_left integer not null,
  vehicles     integer not null,
  done         integer not null default 0,
  postponed    integer not null default 0,
  failed       integer not null default 0,
  lost         integer not null default 0,
  api_calls    integer not null default 0,
  items        integer not null default 0,
  ended_at     timestamptz,
  error_code   text,
  error        text
);
create index job_runs_job_planned_at_idx on private.job_runs (job, planned_at desc);
create index job_runs_open_idx on private.job_runs (job) where ended_at is null;
grant delete on private.job_runs to ingest_app;
comment on table private.job_runs is 'Runs of jobs that are cut into windows. A row is kept as long as one of ingestion_log.';
comment on column private.job_runs.id is 'UUIDv7: receipt of the messages it sends, id of its row in ingestion_log.';
comment on column private.job_runs.job is 'Job name.';
comment on column private.job_runs.cause is 'tick; request: somebody asked for a span; gaps: holes that were found; second_look: the nightly repeat.';
comment on column private.job_runs.planned_at is 'When it was planned (UTC).';
comment on column private.job_runs.span_from is 'Start of the first of its windows (UTC).';
comment on column private.job_runs.span_to is 'End of the last of them (UTC).';
comment on column private.job_runs.windows is 'Windows in all.';
comment on column private.job_runs.windows_left is 'Of them not ended.';
comment on column private.job_runs.vehicles is 'Vehicles in all.';
comment on column private.job_runs.done is 'Windows that brought all the vendor has.';
comment on column private.job_runs.postponed is 'Windows that could not run now, wholly or in part: they are planned again.';
comment on column private.job_runs.failed is 'Windows that failed for one vehicle or more: they are planned again.';
comment on column private.job_runs.lost is 'Windows nobody was heard of for too long: another run took over.';
comment on column private.job_runs.api_calls is 'Vendor calls, retries included.';
comment on column private.job_runs.items is 'Items received.';
comment on column private.job_runs.ended_at is 'When its last window ended (UTC).';
comment on column private.job_runs.error_code is 'Class of its first failure, from the closed list.';
comment on column private.job_runs.error is 'What failed, for an operator.';

create table private.job_windows (
  run_id        text not null references private.job_runs on delete cascade,
  number        integer not null,
  job           text not null,
  account       text,
  imeis         json not null,
  from_time     timestamptz not null,
  to_time       timestamptz not null,
  sent_at       timestamptz,
  holder        text,
  taken_at      timestamptz,
  heard_at      timestamptz,
  ended_at      timestamptz,
  outcome       text check (outcome in ('done', 'postponed', 'failed', 'lost')),
  missing       json,
  api_calls     integer not null default 0,
  items         integer not null default 0,
  error_code    text,
  error         text,
  primary key (run_id, number)
);
create index job_windows_open_idx on private.job_windows (job) where ended_at is null;
grant delete on private.job_windows to ingest_app;
comment on table private.job_windows is 'Windows of runs: some vehicles, a span, and how asking for it went.';
comment on column private.job_windows.run_id is 'The run.';
comment on column private.job_windows.number is 'Its number in the run, from 1, oldest span first.';
comment on column private.job_windows.job is 'Job name.';
comment on column private.job_windows.account is 'Account that is asked, where the method wants one.';
comment on column private.job_windows.imeis is 'Vehicles, as a list.';
comment on column private.job_windows.from_time is 'Start of the span (UTC). What is asked for begins a little before.';
comment on column private.job_windows.to_time is 'End of the span (UTC).';
comment on column private.job_windows.sent_at is 'When its message went to the queue (UTC); null while it waits for others of its run.';
comment on column private.job_windows.holder is 'Who works on it: a delivery of its message.';
comment on column private.job_windows.taken_at is 'Since when (UTC).';
comment on column private.job_windows.heard_at is 'When the holder was last heard of (UTC).';
comment on column private.job_windows.ended_at is 'When it ended (UTC).';
comment on column private.job_windows.outcome is 'done, postponed, failed or lost.';
comment on column private.job_windows.missing is 'Vehicles whose span it does not cover, as a list; null is none.';
comment on column private.job_windows.api_calls is 'Vendor calls, retries included.';
comment on column private.job_windows.items is 'Items received.';
comment on column private.job_windows.error_code is 'Class of its first failure.';
comment on column private.job_windows.error is 'What failed, for an operator.';
