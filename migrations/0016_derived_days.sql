-- What is derived from facts is recomputed, not patched: the writer notes, with the facts, which days of which
-- vehicles changed, and jobs recompute those. Late facts need no second way.

create table private.dirty_days (
  imei         text not null,
  day          date not null,
  changed_from timestamptz not null,
  changed_to   timestamptz not null,
  mark         xid8 not null,
  primary key (imei, day)
);
-- A round takes those first that wait longest: after a change of the zone, of millions.
create index dirty_days_mark_idx on private.dirty_days (mark, imei, day);
grant delete on private.dirty_days to ingest_app;
comment on table private.dirty_days is 'Days of vehicles whose facts changed since what is derived from them was computed.';
comment on column private.dirty_days.imei is 'Device identity.';
comment on column private.dirty_days.day is 'Day in the zone of the fleet.';
comment on column private.dirty_days.changed_from is 'Time of the oldest fact that changed (UTC).';
comment on column private.dirty_days.changed_to is 'Time of the newest fact that changed (UTC).';
comment on column private.dirty_days.mark is 'Transaction that wrote the last of them: a day marked again meanwhile stays.';
