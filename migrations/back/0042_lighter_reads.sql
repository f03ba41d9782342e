-- Loses nothing.

create or replace function reporting.fn_fleet_days(from_day date, to_day date, filter json, drivers json)
returns table (
  imei text, day date, moving_s integer, idling_s integer, parked_s integer, unknown_s integer,
  distance_km double precision, distance_source text, trips integer, max_speed_kmh real, first_moving_at timestamptz,
  last_moving_at timestamptz, alarms integer, speeding_events integer, harsh_events integer, fuel_l real
)
language sql stable
begin atomic
  with vehicle as materialized (
    select v.imei, v.enabled from reporting.v_vehicles v
    where v.imei in (select reporting.fn_matching_vehicles(fn_fleet_days.filter))
  ), calendar as materialized (
    select d.day::date as day,
      extract(epoch from (d.day + interval '1 day') at time zone f.zone - d.day at time zone f.zone)::integer as day_s
    from tracksolid.fleet f
    cross join generate_series(
      fn_fleet_days.from_day::timestamp, fn_fleet_days.to_day::timestamp, interval '1 day'
    ) as d (day)
    where fn_fleet_days.drivers is null
  )
  select x.imei, c.day,
    case when k.is_known then t.moving_s end, case when k.is_known then t.idling_s end,
    case when k.is_known then t.parked_s end, coalesce(t.unknown_s, c.day_s),
    t.distance_km, t.distance_source, case when k.is_known or t.distance_km is not null then t.trips end,
    t.max_speed_kmh, t.first_moving_at, t.last_moving_at, t.alarms, t.speeding_events, t.harsh_events, t.fuel_l
  from vehicle x
  cross join calendar c
  -- The days once more: so only these are read.
  left join reporting.vehicle_day t on t.imei = x.imei and t.day = c.day
    and t.day between fn_fleet_days.from_day and fn_fleet_days.to_day
  cross join lateral (select t.moving_s + t.idling_s + t.parked_s > 0 as is_known) k
  where x.enabled or exists (
    select from reporting.vehicle_day o
    where o.imei = x.imei and o.day between fn_fleet_days.from_day and fn_fleet_days.to_day
  )
  union all
  select r.imei, r.day,
    case when k.is_known then r.moving_s end, case when k.is_known then r.idling_s end,
    case when k.is_known then r.parked_s end, null,
    r.distance_km, v.distance_source, case when k.is_known or r.distance_km is not null then r.trips end,
    r.max_speed_kmh, r.first_moving_at, r.last_moving_at, r.alarms, r.speeding_events, r.harsh_events, null
  from (
    select d.imei, d.day, sum(d.moving_s)::integer as moving_s, sum(d.idling_s)::integer as idling_s,
      sum(d.parked_s)::integer as parked_s, sum(d.distance_km) as distance_km, sum(d.trips)::integer as trips,
      max(d.max_speed_kmh) as max_speed_kmh, min(d.first_moving_at) as first_moving_at,
      max(d.last_moving_at) as last_moving_at, sum(d.alarms)::integer as alarms,
      sum(d.speeding_events)::integer as speeding_events, sum(d.harsh_events)::integer as harsh_events
    from reporting.driver_day d
    where d.day between fn_fleet_days.from_day and fn_fleet_days.to_day
      and d.driver_name in (select json_array_elements_text(fn_fleet_days.drivers))
      and d.imei in (select x.imei from vehicle x)
    group by d.imei, d.day
  ) r
  left join reporting.vehicle_day v on v.imei = r.imei and v.day = r.day
  cross join lateral (select r.moving_s + r.idling_s + r.parked_s > 0 as is_known) k
  where fn_fleet_days.drivers is not null;
end;

create or replace function reporting.fn_revision(from_day date, to_day date, imeis text[] default null)
returns text
language sql stable
as $$
  select md5(concat_ws(' ',
    (select sum(hashtextextended(concat_ws(' ', v.imei, v.day, v.version), 0)) from reporting.day_versions v
     where v.day between from_day and to_day and (imeis is null or v.imei = any(imeis))),
    (select concat_ws(' ', count(*), max(d.changed_at)) from tracksolid.devices d
     where imeis is null or d.imei = any(imeis)),
    (select zone from tracksolid.fleet)
  ))
$$;
