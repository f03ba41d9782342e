-- What is derived from facts is recomputed, not patched: the writer notes, with the facts, which days of which
-- vehicles changed, and jobs recompute those. Late facts need no second way.

create table tracksolid.fleet (
  one  boolean primary key default true check (one),
  zone text not null
);
comment on table tracksolid.fleet is 'What holds for the whole fleet, in its one row.';
comment on column tracksolid.fleet.one is 'There is one row.';
comment on column tracksolid.fleet.zone is 'Time zone in which days are counted (IANA name).';
insert into tracksolid.fleet (zone) values ('Africa/Nairobi');

create table private.dirty_days (
  imei         text not null,
  day          date not null,
  changed_from timestamptz not null,
  changed_to   timestamptz not null,
  mark         xid8 not null,
  primary key (imei, day)
);
grant delete on private.dirty_days to ingest_app;
comment on table private.dirty_days is 'Days of vehicles whose facts changed since what is derived from them was computed.';
comment on column private.dirty_days.imei is 'Device identity.';
comment on column private.dirty_days.day is 'Day in the zone of the fleet.';
comment on column private.dirty_days.changed_from is 'Time of the oldest fact that changed (UTC).';
comment on column private.dirty_days.changed_to is 'Time of the newest fact that changed (UTC).';
comment on column private.dirty_days.mark is 'Transaction that wrote the last of them: a day marked again meanwhile stays.';

alter table tracksolid.trips add filled smallint not null default 0;
comment on column tracksolid.trips.filled is 'What the vendor left out and the track told: bit 1 start place, 2 end place, 4 highest speed, 8 idle time.';
