-- How much of what vehicles did is known: the holes that were found, and the account by the hour.

create table tracksolid.coverage_gaps (
  imei        text not null,
  gap_from    timestamptz not null,
  gap_to      timestamptz not null check (gap_to > gap_from),
  reason      text not null check (reason in ('moved', 'ingest_down', 'contact_only')),
  state       text not null default 'open' check (state in ('open', 'filled', 'none')),
  points      integer,
  found_at    timestamptz not null,
  tries       smallint not null default 0,
  asked_run   text,
  next_try_at timestamptz,
  closed_at   timestamptz,
  primary key (imei, gap_from)
);
create index coverage_gaps_to_try_idx on tracksolid.coverage_gaps (next_try_at) where next_try_at is not null;
create index coverage_gaps_asked_idx on tracksolid.coverage_gaps (asked_run) where asked_run is not null;
create index coverage_gaps_time_idx on tracksolid.coverage_gaps (gap_to, gap_from);
comment on table tracksolid.coverage_gaps is 'Times in which a vehicle has, or may have, moved without our knowing where: found, asked for, and what came.';
comment on column tracksolid.coverage_gaps.imei is 'Device identity.';
comment on column tracksolid.coverage_gaps.gap_from is 'The last fix before it, or when the ingest went down (UTC).';
comment on column tracksolid.coverage_gaps.gap_to is 'The first fix after it, the last contact, or when the ingest was back (UTC).';
comment on column tracksolid.coverage_gaps.reason is 'moved: two fixes too far apart in time are apart in space; ingest_down: nothing was polled; contact_only: the device was heard of under way, without fixes.';
comment on column tracksolid.coverage_gaps.state is 'open; filled: fixes came; none: the vendor has none.';
comment on column tracksolid.coverage_gaps.points is 'Fixes that came; null while open.';
comment on column tracksolid.coverage_gaps.found_at is 'When it was found (UTC).';
comment on column tracksolid.coverage_gaps.tries is 'How often it was asked for.';
comment on column tracksolid.coverage_gaps.asked_run is 'Run that asks for it; null when nobody does.';
comment on column tracksolid.coverage_gaps.next_try_at is 'When it is asked for next (UTC); null: never again.';
comment on column tracksolid.coverage_gaps.closed_at is 'When it was filled, or first found that the vendor has none (UTC).';

create table reporting.coverage_hours (
  imei        text not null,
  hour        timestamptz not null,
  have_s      integer not null,
  recovered_s integer not null,
  missing_s   integer not null,
  primary key (imei, hour)
);
create index coverage_hours_hour_idx on reporting.coverage_hours (hour);
grant insert, update, delete on reporting.coverage_hours to ingest_app;
comment on table reporting.coverage_hours is 'Of the time a vehicle was under way, how much is known. Hours in which it was not have no row. Computed from the fixes.';
comment on column reporting.coverage_hours.imei is 'Device identity.';
comment on column reporting.coverage_hours.hour is 'Start of the hour (UTC).';
comment on column reporting.coverage_hours.have_s is 'Under way with fixes close enough, s.';
comment on column reporting.coverage_hours.recovered_s is 'The same within a gap that was filled later, s.';
comment on column reporting.coverage_hours.missing_s is 'Moved without fixes, s.';
