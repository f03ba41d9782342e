-- Facts that somebody else than the writer stores, as the system before this one does in a database that was its own: what they
-- concern is appended here, where nobody waits for anybody, and the job derive makes it marks of days.

create table private.changed_elsewhere (
  imei      text not null,
  from_time timestamptz not null,
  to_time   timestamptz not null
);
grant delete on private.changed_elsewhere to ingest_app;
comment on table private.changed_elsewhere is 'What facts that others stored concern: not yet marked in dirty_days.';
comment on column private.changed_elsewhere.imei is 'Device identity.';
comment on column private.changed_elsewhere.from_time is 'Time of the fact, or its start (UTC).';
comment on column private.changed_elsewhere.to_time is 'Its end (UTC).';
