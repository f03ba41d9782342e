-- What vehicles did, by the hour and by the day: computed from the facts, never patched. Days and hours are those of the
-- fleet's zone.

create table tracksolid.stands (
  imei     text not null,
  heard_at timestamptz not null,
  primary key (imei, heard_at)
);
comment on table tracksolid.stands is 'When vehicles were heard of with the ignition off, without a fix: they stood where the fix before left them. Noted about once an hour, since only the newest contact is kept.';
comment on column tracksolid.stands.imei is 'Device identity.';
comment on column tracksolid.stands.heard_at is 'Time of the contact (UTC).';

create function reporting.fn_vehicle_steps(
  imei text, from_time timestamptz, to_time timestamptz, gap_limit interval, moving_above_kmh real
)
returns table (
  step_from timestamptz, step_to timestamptz, state text, ignition boolean, speed_kmh real, gps_km double precision,
  odometer_km double precision, odometer_break boolean, is_fix boolean, is_silence boolean
)
language sql stable
begin atomic
  with before as (
    select
      h.gps_time, h.lat, h.lng, h.speed_kmh, h.ignition, coalesce(h.odometer_km, earlier.odometer_km) as odometer_km,
      coalesce(earlier.gps_time, h.gps_time) as read_at, true as is_fix
    from tracksolid.position_history h
    -- The last reading of its hour, where it has none.
    left join lateral (
      select e.gps_time, e.odometer_km from tracksolid.position_history e
      where h.odometer_km is null and e.imei = h.imei and e.gps_time < h.gps_time
        and e.gps_time >= h.gps_time - interval '1 hour' and e.odometer_km is not null
        and not e.clock_ahead and (e.pos_type is null or e.pos_type = 'GPS')
      order by e.gps_time desc limit 1
    ) earlier on true
    where h.imei = fn_vehicle_steps.imei and h.gps_time < fn_vehicle_steps.from_time
      and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time desc limit 1
  ), after as (
    select h.gps_time, h.lat, h.lng, h.speed_kmh, h.ignition, h.odometer_km, h.gps_time as read_at, true as is_fix
    from tracksolid.position_history h
    where h.imei = fn_vehicle_steps.imei and h.gps_time >= fn_vehicle_steps.to_time
      and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time limit 1
  ), fix as (
    select * from before
    union all
    select h.gps_time, h.lat, h.lng, h.speed_kmh, h.ignition, h.odometer_km, h.gps_time, true
    from tracksolid.position_history h
    where h.imei = fn_vehicle_steps.imei and h.gps_time >= fn_vehicle_steps.from_time
      and h.gps_time < fn_vehicle_steps.to_time and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    union all
    select * from after
    union all
    -- It stood on where the fix before left it; where it cannot have come from there to the next, nobody knows.
    select s.heard_at, stood.lat, stood.lng, 0, false, stood.odometer_km, s.heard_at, false
    from tracksolid.stands s
    cross join lateral (
      select h.gps_time, h.lat, h.lng, h.odometer_km from tracksolid.position_history h
      where h.imei = s.imei and h.gps_time <= s.heard_at and h.gps_time > s.heard_at - interval '32 days'
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time desc limit 1
    ) stood
    left join lateral (
      select h.gps_time, h.lat, h.lng from tracksolid.position_history h
      where h.imei = s.imei and h.gps_time > s.heard_at
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time limit 1
    ) next on true
    where s.imei = fn_vehicle_steps.imei
      and s.heard_at > coalesce((select gps_time from before), '-infinity')
      and s.heard_at < coalesce((select gps_time from after), 'infinity')
      and (next.gps_time is null or (
        next.gps_time > stood.gps_time + fn_vehicle_steps.gap_limit
        and 111.32 * sqrt((next.lat - stood.lat) ^ 2 + ((next.lng - stood.lng) * cos(radians(stood.lat))) ^ 2)
          <= 200 * extract(epoch from next.gps_time - s.heard_at) / 3600
      ))
    union all
    -- Since its newest fix it stands there with the ignition off, as far as it was heard of.
    select least(l.contact_at, newest.gps_time + interval '32 days'), newest.lat, newest.lng, 0, false,
      newest.odometer_km, l.contact_at, false
    from tracksolid.live_positions l
    cross join lateral (
      select h.gps_time, h.lat, h.lng, h.odometer_km from tracksolid.position_history h
      where h.imei = l.imei and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time desc limit 1
    ) newest
    where l.imei = fn_vehicle_steps.imei and l.ignition is false and l.contact_at > newest.gps_time
      and l.contact_at > fn_vehicle_steps.from_time
  ), numbered as (
    select f.*, count(f.odometer_km) over (order by f.gps_time) as reading from fix f
  ), carried as (
    -- A fix without a reading has that of the one before.
    select
      n.gps_time, n.lat, n.lng, n.speed_kmh, n.ignition, n.is_fix,
      first_value(n.odometer_km) over r as odometer_km, first_value(n.read_at) over r as read_at
    from numbered n
    window r as (partition by n.reading order by n.gps_time)
  ), pair as (
    select
      c.*, lead(c.gps_time) over t as next_time, lead(c.lat) over t as next_lat, lead(c.lng) over t as next_lng,
      lead(c.speed_kmh) over t as next_speed_kmh, lead(c.ignition) over t as next_ignition,
      lead(c.odometer_km) over t as next_odometer_km, lead(c.read_at) over t as next_read_at
    from carried c
    window t as (order by c.gps_time)
  ), measured as (
    select
      p.*, p.next_time - p.gps_time as lasted,
      -- Over ground that is flat at this scale.
      111.32 * sqrt((p.next_lat - p.lat) ^ 2 + ((p.next_lng - p.lng) * cos(radians(p.lat))) ^ 2) as km,
      p.next_odometer_km - p.odometer_km as driven_km
    from pair p
    -- Longer ago says nothing, in whatever order the fixes came.
    where p.next_time <= p.gps_time + interval '32 days' and p.next_time > p.gps_time
  ), judged as (
    select
      m.*,
      case
        when m.lasted <= fn_vehicle_steps.gap_limit then case
          when m.speed_kmh > fn_vehicle_steps.moving_above_kmh or m.next_speed_kmh > fn_vehicle_steps.moving_above_kmh
            or m.km > 0.1 then 'moving'
          when m.ignition then 'idling'
          else 'parked'
        end
        when m.km > 0.2 or m.speed_kmh > fn_vehicle_steps.moving_above_kmh
          or m.ignition and m.next_ignition is distinct from false then 'unknown'
        else 'parked'
      end as state
    from measured m
  )
  select
    j.gps_time, j.next_time, j.state, j.ignition, j.speed_kmh,
    -- Faster than any vehicle is a position that jumped.
    case
      when j.state = 'idling' or j.state = 'parked' or j.km * 3600 > 250 * extract(epoch from j.lasted) then 0
      else j.km
    end,
    case
      when j.read_at < j.gps_time - interval '1 hour' or j.next_read_at <> j.next_time then null
      when j.driven_km between 0 and 1 + 200 * extract(epoch from j.next_time - j.read_at) / 3600 then j.driven_km
    end,
    coalesce(
      j.read_at >= j.gps_time - interval '1 hour' and j.next_read_at = j.next_time
        and j.driven_km not between 0 and 1 + 200 * extract(epoch from j.next_time - j.read_at) / 3600,
      false
    ),
    j.is_fix, j.state = 'unknown' and j.lasted >= interval '1 day'
  from judged j
  where j.next_time > fn_vehicle_steps.from_time and j.gps_time < fn_vehicle_steps.to_time;
end;
comment on function reporting.fn_vehicle_steps(text, timestamptz, timestamptz, interval, real) is
  'What a vehicle did between each two fixes that follow each other, as far as they touch [from_time, to_time); whole steps, so the first and the last may reach beyond. state: moving (over moving_above_kmh at one end, or over 100 m apart), idling (standing, ignition on), parked (standing, ignition not on), unknown (further apart in time than gap_limit, and over 200 m apart, left under way, or left with the ignition on and not found with it off). gps_km: straight from fix to fix, 0 while standing. odometer_km: by its readings, of which one counts for an hour; null without two; odometer_break: it ran back, or faster than a vehicle can. Only fixes of satellites; a step is not longer than 32 days. A vehicle that stood on with the ignition off has steps that end and begin when it was heard of (stands), the last ends with its last contact; is_fix: it begins with a fix. is_silence: unknown for a day or more, with days of which nothing is known, so its way counts where it ended.';

create table reporting.vehicle_hour (
  imei              text not null,
  hour              timestamptz not null,
  moving_s          integer not null,
  idling_s          integer not null,
  parked_s          integer not null,
  gps_km            double precision not null,
  odometer_km       double precision,
  odometer_breaks   integer not null,
  fixes             integer not null,
  max_speed_kmh     real,
  first_ignition_at timestamptz,
  last_ignition_at  timestamptz,
  first_moving_at   timestamptz,
  last_moving_at    timestamptz,
  known_to          timestamptz,
  primary key (imei, hour)
);
create index vehicle_hour_hour_idx on reporting.vehicle_hour (hour);
grant insert, update, delete on reporting.vehicle_hour to ingest_app;
comment on table reporting.vehicle_hour is 'What a vehicle did in an hour, computed from its fixes. An hour that lies between no two of them, or in a gap of a day and more, has no row: unknown, not zero.';
comment on column reporting.vehicle_hour.imei is 'Device identity.';
comment on column reporting.vehicle_hour.hour is 'Start of the hour of the fleet''s zone (UTC).';
comment on column reporting.vehicle_hour.moving_s is 'Under way, s.';
comment on column reporting.vehicle_hour.idling_s is 'Standing with the ignition on, s.';
comment on column reporting.vehicle_hour.parked_s is 'Standing with the ignition not on, s. What is left of the hour is unknown.';
comment on column reporting.vehicle_hour.gps_km is 'From fix to fix while under way, km; straight over gaps: shared out by time, over those of a day and more in the hour in which they ended.';
comment on column reporting.vehicle_hour.odometer_km is 'By the odometer, km; null where it has no two readings.';
comment on column reporting.vehicle_hour.odometer_breaks is 'How often the odometer ran back or jumped; those steps are not in odometer_km.';
comment on column reporting.vehicle_hour.fixes is 'Fixes of satellites, but for the newest of all: what it did then is not known yet.';
comment on column reporting.vehicle_hour.max_speed_kmh is 'Highest speed of a fix, km/h.';
comment on column reporting.vehicle_hour.first_ignition_at is 'First instant with the ignition on (UTC).';
comment on column reporting.vehicle_hour.last_ignition_at is 'Last instant with the ignition on (UTC).';
comment on column reporting.vehicle_hour.first_moving_at is 'First instant under way (UTC).';
comment on column reporting.vehicle_hour.last_moving_at is 'Last instant under way (UTC).';
comment on column reporting.vehicle_hour.known_to is 'Up to when it is known what it did (UTC).';

create table reporting.vehicle_day (
  imei              text not null,
  day               date not null,
  moving_s          integer not null,
  idling_s          integer not null,
  parked_s          integer not null,
  unknown_s         integer not null,
  distance_km       double precision,
  distance_source   text check (distance_source in ('odometer', 'vendor', 'gps')),
  odometer_km       double precision,
  odometer_breaks   integer not null,
  gps_km            double precision,
  vendor_km         double precision,
  trips             integer not null,
  fixes             integer not null,
  max_speed_kmh     real,
  first_ignition_at timestamptz,
  last_ignition_at  timestamptz,
  first_moving_at   timestamptz,
  last_moving_at    timestamptz,
  known_to          timestamptz,
  alarms            integer not null,
  speeding_events   integer not null,
  harsh_events      integer not null,
  fuel_l            real,
  primary key (imei, day)
);
create index vehicle_day_day_idx on reporting.vehicle_day (day);
grant insert, update, delete on reporting.vehicle_day to ingest_app;
comment on table reporting.vehicle_day is 'What a vehicle did on a day of the fleet''s zone, computed again whenever its facts change. A day of which nothing is known has no row: unknown, not zero.';
comment on column reporting.vehicle_day.imei is 'Device identity.';
comment on column reporting.vehicle_day.day is 'Day in the fleet''s zone.';
comment on column reporting.vehicle_day.moving_s is 'Under way, s.';
comment on column reporting.vehicle_day.idling_s is 'Standing with the ignition on, s.';
comment on column reporting.vehicle_day.parked_s is 'Standing with the ignition not on, s.';
comment on column reporting.vehicle_day.unknown_s is 'The rest of the day, s: moved without fixes, not heard of, or yet to come. The four add up to the day.';
comment on column reporting.vehicle_day.distance_km is 'The distance that counts, km; null where none is known.';
comment on column reporting.vehicle_day.distance_source is 'Which it is: odometer, where it did not break, else vendor, of which either has to have four fifths of gps_km; else gps.';
comment on column reporting.vehicle_day.odometer_km is 'By the odometer, km; null where it has no two readings.';
comment on column reporting.vehicle_day.odometer_breaks is 'How often the odometer ran back or jumped.';
comment on column reporting.vehicle_day.gps_km is 'From fix to fix while under way, km; straight over gaps. Null without fixes.';
comment on column reporting.vehicle_day.vendor_km is 'By the vendor''s trips, km; of a trip over midnight the part of its time. Null without trips.';
comment on column reporting.vehicle_day.trips is 'Trips that began on the day.';
comment on column reporting.vehicle_day.fixes is 'Fixes of satellites, but for the newest of all: what it did then is not known yet.';
comment on column reporting.vehicle_day.max_speed_kmh is 'Highest speed of a fix, km/h.';
comment on column reporting.vehicle_day.first_ignition_at is 'First instant with the ignition on (UTC).';
comment on column reporting.vehicle_day.last_ignition_at is 'Last instant with the ignition on (UTC).';
comment on column reporting.vehicle_day.first_moving_at is 'First instant under way (UTC).';
comment on column reporting.vehicle_day.last_moving_at is 'Last instant under way (UTC).';
comment on column reporting.vehicle_day.known_to is 'Up to when it is known what it did (UTC): the newest fix or, with the ignition off, the last contact; at most an hour behind it.';
comment on column reporting.vehicle_day.alarms is 'Alarms of any kind.';
comment on column reporting.vehicle_day.speeding_events is 'Alarms of the class speed.';
comment on column reporting.vehicle_day.harsh_events is 'Alarms of harsh driving (alarm_codes.harsh).';
comment on column reporting.vehicle_day.fuel_l is 'Fuel used by the vendor''s trips that began on the day, l; null where none told.';

create table reporting.driver_day (
  imei              text not null,
  day               date not null,
  driver_name       text not null,
  moving_s          integer not null,
  idling_s          integer not null,
  parked_s          integer not null,
  distance_km       double precision,
  trips             integer not null,
  max_speed_kmh     real,
  first_ignition_at timestamptz,
  last_ignition_at  timestamptz,
  first_moving_at   timestamptz,
  last_moving_at    timestamptz,
  alarms            integer not null,
  speeding_events   integer not null,
  harsh_events      integer not null,
  primary key (imei, day, driver_name)
);
create index driver_day_day_idx on reporting.driver_day (day, driver_name);
grant insert, update, delete on reporting.driver_day to ingest_app;
comment on table reporting.driver_day is 'What a driver did with a vehicle on a day of the fleet''s zone: the time of the day in which they were assigned to it. Who had two vehicles has two rows. Computed with vehicle_day.';
comment on column reporting.driver_day.imei is 'Device identity.';
comment on column reporting.driver_day.day is 'Day in the fleet''s zone.';
comment on column reporting.driver_day.driver_name is 'Driver as the vendor or the company names them.';
comment on column reporting.driver_day.moving_s is 'Under way, s.';
comment on column reporting.driver_day.idling_s is 'Standing with the ignition on, s.';
comment on column reporting.driver_day.parked_s is 'Standing with the ignition not on, s.';
comment on column reporting.driver_day.distance_km is 'The vehicle''s distance that counts, km; on a day of several drivers the part of their way from fix to fix, or of their trips where no fix tells. Null where none is known.';
comment on column reporting.driver_day.trips is 'Trips that began meanwhile.';
comment on column reporting.driver_day.max_speed_kmh is 'Highest speed of a fix, km/h.';
comment on column reporting.driver_day.first_ignition_at is 'First instant with the ignition on (UTC).';
comment on column reporting.driver_day.last_ignition_at is 'Last instant with the ignition on (UTC).';
comment on column reporting.driver_day.first_moving_at is 'First instant under way (UTC).';
comment on column reporting.driver_day.last_moving_at is 'Last instant under way (UTC).';
comment on column reporting.driver_day.alarms is 'Alarms of any kind.';
comment on column reporting.driver_day.speeding_events is 'Alarms of the class speed.';
comment on column reporting.driver_day.harsh_events is 'Alarms of harsh driving (alarm_codes.harsh).';

create table reporting.alarm_day (
  imei           text not null,
  day            date not null,
  canonical_code text not null,
  alarms         integer not null,
  primary key (imei, day, canonical_code)
);
create index alarm_day_day_idx on reporting.alarm_day (day, canonical_code);
grant insert, update, delete on reporting.alarm_day to ingest_app;
comment on table reporting.alarm_day is 'How often a vehicle warned of the same thing on a day of the fleet''s zone. Computed with vehicle_day.';
comment on column reporting.alarm_day.imei is 'Device identity.';
comment on column reporting.alarm_day.day is 'Day in the fleet''s zone.';
comment on column reporting.alarm_day.canonical_code is 'Code of the event, from alarm_codes.';
comment on column reporting.alarm_day.alarms is 'Alarms that began on the day.';
