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
