-- Computes what vehicles did, by the hour, around what changed: the list $1 of vehicles and times. Fixes further apart
-- than $2 say nothing about the time between them; up to $3 km/h a vehicle stands. Says which days that concerns.
with changed as (
  select "imei" as imei, "changedFrom" as from_time, "changedTo" as to_time
  from json_to_recordset($1::text::json) as c ("imei" text, "changedFrom" timestamptz, "changedTo" timestamptz)
), near as (
  -- The fix before the change, and the one after it or the last contact of a vehicle that stands: the steps between fixes change
  -- with them, and those that begin with an odometer reading of up to an hour before.
  select c.*, zone, (
    select gps_time from tracksolid.position_history h
    where h.imei = c.imei and h.gps_time < c.from_time and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time desc limit 1
  ) as before, coalesce((
    select gps_time from tracksolid.position_history h
    where h.imei = c.imei and h.gps_time > c.to_time + interval '1 hour' and not h.clock_ahead
      and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time limit 1
  ), greatest(l.contact_at, c.to_time + interval '1 hour')) as after
  from changed c
  cross join tracksolid.fleet
  left join tracksolid.live_positions l on l.imei = c.imei and l.ignition is false and l.contact_at > c.to_time
), around as (
  -- No step is longer than 32 days: of a fix that lies further back only what it was taken for until the change.
  select imei, zone, date_trunc('hour', from_time, zone) as from_hour,
    date_trunc('hour', least(after, to_time + interval '32 days'), zone) + interval '1 hour' as to_hour
  from near
  union all
  select imei, zone, date_trunc('hour', before, zone),
    date_trunc('hour', least(from_time, before + interval '32 days'), zone) + interval '1 hour'
  from near where before is not null
), span as materialized (
  -- Each hour once; not the months between a change of today and one of long ago.
  select imei, zone, lower(hours) as from_hour, upper(hours) as to_hour
  from (
    select imei, zone, unnest(range_agg(tstzrange(from_hour, to_hour))) as hours from around group by imei, zone
  ) touching
), part as (
  select s.imei, hour, step.*,
    greatest(step_from, hour) as part_from, least(step_to, hour + interval '1 hour') as part_to,
    is_fix and step_from >= hour as has_fix, step_to > hour and step_to <= hour + interval '1 hour' as has_end
  from span s
  cross join lateral reporting.fn_vehicle_steps(s.imei, s.from_hour, s.to_hour, $2::text::interval, $3::real) step
  cross join lateral generate_series(
    greatest(date_trunc('hour', step_from, zone), s.from_hour),
    least(step_to, s.to_hour) - interval '1 microsecond', interval '1 hour'
  ) as hour
), shared as (
  select p.*, extract(epoch from part_to - part_from)::double precision as part_s,
    case when is_silence then has_end::integer
      else extract(epoch from part_to - part_from) / extract(epoch from step_to - step_from)
    end::double precision as share
  from part p
  where not is_silence or has_fix or has_end
), account as materialized (
  select imei, hour,
    floor(coalesce(sum(part_s) filter (where state = 'moving'), 0))::integer as moving_s,
    floor(coalesce(sum(part_s) filter (where state = 'idling'), 0))::integer as idling_s,
    floor(coalesce(sum(part_s) filter (where state = 'parked'), 0))::integer as parked_s,
    round(sum(gps_km * share)::numeric, 3)::double precision as gps_km,
    round(sum(odometer_km * share)::numeric, 3)::double precision as odometer_km,
    (count(*) filter (where odometer_break and has_end))::integer as odometer_breaks,
    (count(*) filter (where has_fix))::integer as fixes,
    max(speed_kmh) filter (where has_fix) as max_speed_kmh,
    min(part_from) filter (where ignition and state in ('moving', 'idling')) as first_ignition_at,
    max(part_to) filter (where ignition and state in ('moving', 'idling')) as last_ignition_at,
    min(part_from) filter (where state = 'moving') as first_moving_at,
    max(part_to) filter (where state = 'moving') as last_moving_at,
    max(part_to) filter (where state <> 'unknown') as known_to
  from shared
  group by imei, hour
), emptied as (
  delete from reporting.vehicle_hour k
  using span s
  where k.imei = s.imei and k.hour > s.from_hour - interval '1 hour' and k.hour < s.to_hour
    and not exists (select from account a where a.imei = k.imei and a.hour = k.hour)
), written as (
  insert into reporting.vehicle_hour as k (
    imei, hour, moving_s, idling_s, parked_s, gps_km, odometer_km, odometer_breaks, fixes, max_speed_kmh,
    first_ignition_at, last_ignition_at, first_moving_at, last_moving_at, known_to
  )
  select * from account
  order by imei, hour
  on conflict (imei, hour) do update set
    moving_s = excluded.moving_s, idling_s = excluded.idling_s, parked_s = excluded.parked_s,
    gps_km = excluded.gps_km, odometer_km = excluded.odometer_km, odometer_breaks = excluded.odometer_breaks,
    fixes = excluded.fixes, max_speed_kmh = excluded.max_speed_kmh,
    first_ignition_at = excluded.first_ignition_at, last_ignition_at = excluded.last_ignition_at,
    first_moving_at = excluded.first_moving_at, last_moving_at = excluded.last_moving_at,
    known_to = excluded.known_to
  where (
    k.moving_s, k.idling_s, k.parked_s, k.gps_km, k.odometer_km, k.odometer_breaks, k.fixes, k.max_speed_kmh,
    k.first_ignition_at, k.last_ignition_at, k.first_moving_at, k.last_moving_at, k.known_to
  ) is distinct from (
    excluded.moving_s, excluded.idling_s, excluded.parked_s, excluded.gps_km, excluded.odometer_km,
    excluded.odometer_breaks, excluded.fixes, excluded.max_speed_kmh, excluded.first_ignition_at,
    excluded.last_ignition_at, excluded.first_moving_at, excluded.last_moving_at, excluded.known_to
  )
)
select distinct s.imei, day::date::text as day
from span s, generate_series(
  (from_hour at time zone zone)::date::timestamp, (to_hour - interval '1 microsecond') at time zone zone, interval '1 day'
) as day
