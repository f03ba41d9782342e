-- Who drove which vehicle when, so that what comes late gets the driver of its own time.

-- Every time the vendor named the driver. A naming that comes late falls between others of its time: what they add up to
-- is made anew from all of them, and is the same in whatever order they came.
create table private.driver_sightings (
  imei         text not null,
  seen_at      timestamptz not null,
  driver_name  text not null,
  driver_phone text,
  source       text not null,
  primary key (imei, seen_at)
);
grant delete on private.driver_sightings to ingest_app;
comment on table private.driver_sightings is 'Every time the vendor named the driver of a vehicle.';
comment on column private.driver_sightings.imei is 'Device identity.';
comment on column private.driver_sightings.seen_at is 'When the vendor gave the answer (UTC).';
comment on column private.driver_sightings.driver_name is 'Driver as named.';
comment on column private.driver_sightings.driver_phone is 'Phone in the same answer.';
comment on column private.driver_sightings.source is 'Kind of the answer: device_detail, device; own: the company named them, and the vendor is not heard until returned, when it gave the naming back.';

-- Made anew, which is why the writer may delete here.
create table tracksolid.driver_assignments (
  imei         text not null,
  valid_from   timestamptz not null,
  driver_name  text not null,
  driver_phone text,
  source       text not null,
  primary key (imei, valid_from)
);
grant delete on tracksolid.driver_assignments to ingest_app;
comment on table tracksolid.driver_assignments is 'Drivers of a vehicle, one row each time they change; each is valid until the next.';
comment on column tracksolid.driver_assignments.imei is 'Device identity.';
comment on column tracksolid.driver_assignments.valid_from is 'When the vendor first named this driver after another (UTC). Details are asked for once a day, so the change may be up to a day older.';
comment on column tracksolid.driver_assignments.driver_name is 'Driver as the vendor or the company names them.';
comment on column tracksolid.driver_assignments.driver_phone is 'The newest phone named with this driver.';
comment on column tracksolid.driver_assignments.source is 'What named the driver first: device_detail, device, own (the company).';

create function reporting.fn_driver_at(imei text, at timestamptz)
returns table (driver_name text, driver_phone text, valid_from timestamptz)
language sql stable
begin atomic
  select a.driver_name, a.driver_phone, a.valid_from
  from tracksolid.driver_assignments a
  where a.imei = fn_driver_at.imei and a.valid_from <= fn_driver_at.at
  order by a.valid_from desc
  limit 1;
end;
comment on function reporting.fn_driver_at(text, timestamptz) is
  'The driver of a vehicle at an instant; no row where none was known by then. Join it with "left join lateral … on true".';
