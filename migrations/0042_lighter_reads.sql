-- Figures of a period read each day of each vehicle once, and as it is: days that are missing are looked for where any are, and
-- versions are counted instead of each being hashed.

create or replace function reporting.fn_fleet_days(from_day date, to_day date, filter json, drivers json)
returns table (
  imei text, day date, moving_s integer, idling_s integer, parked_s integer, unknown_s integer,
  distance_km double precision, distance_source text, trips integer, max_speed_kmh real, first_moving_at timestamptz,
  last_moving_at timestamptz, alarms integer, speeding_events integer, harsh_events integer, fuel_l real
)
language sql stable
begin atomic
  -- Without WITH the planner takes each part into the statement that asks, and reads no column that it does not need.
  select t.imei, t.day,
    case when t.moving_s + t.idling_s + t.parked_s > 0 then t.moving_s end,
    case when t.moving_s + t.idling_s + t.parked_s > 0 then t.idling_s end,
    case when t.moving_s + t.idling_s + t.parked_s > 0 then t.parked_s end, t.unknown_s,
    t.distance_km, t.distance_source,
    case when t.moving_s + t.idling_s + t.parked_s > 0 or t.distance_km is not null then t.trips end,
    t.max_speed_kmh, t.first_moving_at, t.last_moving_at, t.alarms, t.speeding_events, t.harsh_events, t.fuel_l
  from reporting.vehicle_day t
  where fn_fleet_days.drivers is null and t.day >= fn_fleet_days.from_day and t.day <= fn_fleet_days.to_day
    and t.imei in (select m.imei from reporting.fn_matching_vehicles(fn_fleet_days.filter) m (imei))
  union all
  -- Of most vehicles every day is known: only of the others the missing ones are looked for.
  select x.imei, c.day, null, null, null, c.day_s, null, null, null, null, null, null, null, null, null, null
  from (
    select v.imei, v.enabled, (
      select count(*) from reporting.vehicle_day o
      where o.imei = v.imei and o.day >= fn_fleet_days.from_day and o.day <= fn_fleet_days.to_day
    ) as days
    from reporting.v_vehicles v
    where fn_fleet_days.drivers is null
      and v.imei in (select m.imei from reporting.fn_matching_vehicles(fn_fleet_days.filter) m (imei))
    offset 0
  ) x
  cross join (
    select d.day::date as day,
      extract(epoch from (d.day + interval '1 day') at time zone f.zone - d.day at time zone f.zone)::integer as day_s
    from tracksolid.fleet f
    cross join generate_series(
      fn_fleet_days.from_day::timestamp, fn_fleet_days.to_day::timestamp, interval '1 day'
    ) as d (day)
  ) c
  where (x.enabled or x.days > 0) and x.days < fn_fleet_days.to_day - fn_fleet_days.from_day + 1
    and not exists (select from reporting.vehicle_day t where t.imei = x.imei and t.day = c.day)
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
    where fn_fleet_days.drivers is not null and d.day between fn_fleet_days.from_day and fn_fleet_days.to_day
      and d.driver_name in (select json_array_elements_text(fn_fleet_days.drivers))
      and d.imei in (select m.imei from reporting.fn_matching_vehicles(fn_fleet_days.filter) m (imei))
    group by d.imei, d.day
  ) r
  left join reporting.vehicle_day v on v.imei = r.imei and v.day = r.day
  cross join lateral (select r.moving_s + r.idling_s + r.parked_s > 0 as is_known) k;
end;

create or replace function reporting.fn_revision(from_day date, to_day date, imeis text[] default null)
returns text
language sql stable
as $$
  select md5(concat_ws(' ',
    -- Versions only grow: a day that is new or was computed again has a higher one, and one that is gone is missing from the count.
    (select concat_ws(' ', count(*), sum(v.version), max(v.version)) from reporting.day_versions v
     where v.day between from_day and to_day and (imeis is null or v.imei = any(imeis))),
    (select concat_ws(' ', count(*), max(d.changed_at)) from tracksolid.devices d
     where imeis is null or d.imei = any(imeis)),
    (select zone from tracksolid.fleet)
  ))
$$;
