-- Adds up what vehicles did on the days of the list $1: of their hours, trips and counted alarms. A day without any of them
-- has no row.
with listed as (
  select distinct "imei" as imei, "day" as day, "day"::timestamp at time zone zone as day_from,
    ("day" + 1)::timestamp at time zone zone as day_to
  from json_to_recordset($1::text::json) as c ("imei" text, "day" date)
  cross join tracksolid.fleet
), summed as materialized (
  select l.imei, l.day, extract(epoch from l.day_to - l.day_from)::integer as day_s, h.*, t.*, a.*
  from listed l
  cross join lateral (
    select
      count(*) as hours, coalesce(sum(moving_s), 0)::integer as moving_s, coalesce(sum(idling_s), 0)::integer as idling_s,
      coalesce(sum(parked_s), 0)::integer as parked_s, round(sum(gps_km)::numeric, 3)::double precision as gps_km,
      round(sum(odometer_km)::numeric, 3)::double precision as odometer_km,
      coalesce(sum(odometer_breaks), 0)::integer as odometer_breaks, coalesce(sum(fixes), 0)::integer as fixes,
      max(max_speed_kmh) as max_speed_kmh, min(first_ignition_at) as first_ignition_at,
      max(last_ignition_at) as last_ignition_at, min(first_moving_at) as first_moving_at,
      max(last_moving_at) as last_moving_at, max(known_to) as known_to
    from reporting.vehicle_hour where imei = l.imei and hour >= l.day_from and hour < l.day_to
  ) h
  cross join lateral (
    select
      count(*) as touching, (count(*) filter (where start_time >= l.day_from))::integer as trips,
      round(sum(distance_km * case
        when end_time = start_time then 1
        else extract(epoch from least(end_time, l.day_to) - greatest(start_time, l.day_from))
          / extract(epoch from end_time - start_time)
      end)::numeric, 3)::double precision as vendor_km,
      round(sum(fuel_l) filter (where start_time >= l.day_from)::numeric, 3)::real as fuel_l
    from tracksolid.trips
    -- No trip is longer than a month.
    where imei = l.imei and start_time < l.day_to and start_time > l.day_from - interval '32 days'
      and (end_time > l.day_from or start_time = l.day_from)
  ) t
  cross join lateral (
    select
      coalesce(sum(m.alarms), 0)::integer as alarms,
      coalesce(sum(m.alarms) filter (where c.class = 'speed'), 0)::integer as speeding_events,
      coalesce(sum(m.alarms) filter (where c.harsh), 0)::integer as harsh_events
    from reporting.alarm_day m left join tracksolid.alarm_codes c on c.code = m.canonical_code
    where m.imei = l.imei and m.day = l.day
  ) a
), emptied as (
  delete from reporting.vehicle_day k using summed s
  where k.imei = s.imei and k.day = s.day and s.hours = 0 and s.touching = 0 and s.alarms = 0
)
insert into reporting.vehicle_day as k (
  imei, day, moving_s, idling_s, parked_s, unknown_s, distance_km, distance_source, odometer_km, odometer_breaks, gps_km,
  vendor_km, trips, fixes, max_speed_kmh, first_ignition_at, last_ignition_at, first_moving_at, last_moving_at, known_to,
  alarms, speeding_events, harsh_events, fuel_l
)
select
  imei, day, moving_s, idling_s, parked_s, day_s - moving_s - idling_s - parked_s,
  case counts when 'odometer' then odometer_km when 'vendor' then vendor_km else gps_km end, counts, odometer_km,
  odometer_breaks, gps_km, vendor_km, trips, fixes, max_speed_kmh, first_ignition_at, last_ignition_at,
  first_moving_at, last_moving_at, known_to, alarms, speeding_events, harsh_events, fuel_l
from summed
cross join lateral (
  select case
    -- From fix to fix is no further than by road: who has much less was not there all the time.
    when odometer_breaks = 0 and odometer_km >= 0.8 * gps_km then 'odometer'
    when vendor_km >= 0.8 * coalesce(gps_km, 0) then 'vendor'
    when gps_km is not null then 'gps'
  end as counts
) chosen
where hours > 0 or touching > 0 or alarms > 0
order by imei, day
on conflict (imei, day) do update set
  moving_s = excluded.moving_s, idling_s = excluded.idling_s, parked_s = excluded.parked_s,
  unknown_s = excluded.unknown_s, distance_km = excluded.distance_km, distance_source = excluded.distance_source,
  odometer_km = excluded.odometer_km, odometer_breaks = excluded.odometer_breaks, gps_km = excluded.gps_km,
  vendor_km = excluded.vendor_km, trips = excluded.trips, fixes = excluded.fixes,
  max_speed_kmh = excluded.max_speed_kmh, first_ignition_at = excluded.first_ignition_at,
  last_ignition_at = excluded.last_ignition_at, first_moving_at = excluded.first_moving_at,
  last_moving_at = excluded.last_moving_at, known_to = excluded.known_to, alarms = excluded.alarms,
  speeding_events = excluded.speeding_events, harsh_events = excluded.harsh_events, fuel_l = excluded.fuel_l
where to_jsonb(k) is distinct from to_jsonb(excluded)
