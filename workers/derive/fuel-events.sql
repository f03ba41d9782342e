-- Finds refills and drains around what changed: the list $1 of vehicles and times. Up to $2 km/h a vehicle stands.
--
-- Between each two readings of a sensor that follow each other the medians of the quarters of an hour before and after
-- are compared: fuel sloshes for minutes, and a single reading may be anything. They differ by 7 points or litres at
-- least, since a level wanders by some; of the steps of a quarter of an hour in one direction the largest counts, since
-- every reading near one shows it. A drain is what is left of a step once 0.4 points or litres per kilometre are taken
-- for use: about what a heavy lorry burns, and more than a car's share of a small tank. Readings over three days apart
-- say nothing. All of it depends on what is at most an hour away, the time between the two readings apart: in whatever
-- order facts come, the result is the same.
with changed as (
  select "imei" as imei, "changedFrom" as from_time, "changedTo" as to_time
  from json_to_recordset($1::text::json) as c ("imei" text, "changedFrom" timestamptz, "changedTo" timestamptz)
), reach as (
  -- What changed may change the step to the reading after it.
  select c.*, (
    select min(o.reading_time) from tracksolid.obd_readings o
    where o.imei = c.imei and o.reading_time > c.to_time + interval '1 hour'
      and o.reading_time < c.to_time + interval '74 hours' and o.fuel_level > 0
  ) as next_obd, (
    select max(first_at) from (
      select min(r.reading_time) as first_at from tracksolid.fuel_readings r
      where r.imei = c.imei and r.reading_time > c.to_time + interval '1 hour'
        and r.reading_time < c.to_time + interval '74 hours' and r.value > 0
      group by r.sensor
    ) each
  ) as next_sensor
  from changed c
), span as materialized (
  select imei, lower(events) as event_from, upper(events) as event_to
  from (
    select imei, unnest(range_agg(tstzrange(
      from_time - interval '75 minutes',
      greatest(to_time + interval '1 hour', next_obd, next_sensor) + interval '75 minutes'
    ))) as events
    from reach group by imei
  ) touching
), near as materialized (
  select s.imei, s.event_from, l.*
  from span s
  cross join lateral reporting.fn_fuel_levels(
    s.imei, s.event_from - interval '75 minutes', s.event_to + interval '75 minutes'
  ) l
), told as (
  select * from near
  union all
  -- The last reading before, with those that it is the last of.
  select n.imei, n.event_from, l.*
  from (select distinct imei, event_from, source, sensor from near) n
  cross join lateral (
    (
      select o.reading_time as at from tracksolid.obd_readings o
      where n.source = 'obd' and o.imei = n.imei and o.reading_time >= n.event_from - interval '74 hours'
        and o.reading_time < n.event_from - interval '75 minutes' and o.fuel_level > 0
      order by o.reading_time desc limit 1
    )
    union all
    (
      select r.reading_time from tracksolid.fuel_readings r
      where n.source = 'sensor' and coalesce(r.sensor, '') = n.sensor and r.imei = n.imei
        and r.reading_time >= n.event_from - interval '74 hours'
        and r.reading_time < n.event_from - interval '75 minutes' and r.value > 0
      order by r.reading_time desc limit 1
    )
  ) last
  cross join lateral reporting.fn_fuel_levels(
    n.imei, last.at - interval '15 minutes', n.event_from - interval '75 minutes'
  ) l
  where l.source = n.source and l.sensor = n.sensor
), reading as (
  -- Two of one instant are one.
  select imei, event_from, source, sensor, at, max(level) as level
  from told
  group by imei, event_from, source, sensor, at
), surrounded as (
  select r.*,
    max(level) over (partition by imei, event_from, source, sensor)
      - min(level) over (partition by imei, event_from, source, sensor) as range,
    array_agg(level) over (w range between interval '15 minutes' preceding and current row) as upto,
    array_agg(level) over (w range between current row and interval '15 minutes' following) as onwards
  from reading r
  window w as (partition by imei, event_from, source, sensor order by at)
), pair as (
  select s.*, lag(at) over w as before_at, lag(level) over w as before_level, lag(upto) over w as before
  from surrounded s
  where range >= 7
  window w as (partition by imei, event_from, source, sensor order by at)
), step as materialized (
  select p.*, b.level as from_level, a.level as to_level, a.level - b.level as change,
    sign(a.level - b.level) * (p.level - p.before_level) as steepness, least(a.readings, b.readings) as readings,
    greatest(a.spread, b.spread) as spread
  from pair p
  cross join lateral (
    select percentile_cont(0.5) within group (order by v) as level, max(v) - min(v) as spread, count(*) as readings
    from unnest(p.before) v
  ) b
  cross join lateral (
    select percentile_cont(0.5) within group (order by v) as level, max(v) - min(v) as spread, count(*) as readings
    from unnest(p.onwards) v
  ) a
  where p.at - p.before_at <= interval '72 hours' and abs(a.level - b.level) >= 7
), largest as (
  select s.* from step s
  where not exists (
    select from step o
    where (o.imei, o.event_from, o.source, o.sensor) = (s.imei, s.event_from, s.source, s.sensor)
      and sign(o.change) = sign(s.change)
      and o.at between s.at - interval '15 minutes' and s.at + interval '15 minutes'
      and (abs(o.change), o.steepness, s.at) > (abs(s.change), s.steepness, o.at)
  )
), event as materialized (
  select s.*, unit.code as unit_code, track.driven_km, track.standing, place.lat, place.lng, used.unexplained
  from largest s
  cross join lateral (
    select reporting.fn_fuel_unit(s.imei, s.source, s.sensor, s.before_at) as code_before,
      reporting.fn_fuel_unit(s.imei, s.source, s.sensor, s.at) as code
  ) unit
  cross join lateral (
    select
      coalesce(round(sum(
        111.32 * sqrt((lat - before_lat) ^ 2 + ((lng - before_lng) * cos(radians(lat))) ^ 2)
      ) filter (where gps_time >= s.before_at - interval '15 minutes')::numeric, 3), 0)::double precision
        as driven_km,
      bool_or(coalesce(speed_kmh, 0) <= $2::real) filter (
        where gps_time between s.before_at - interval '1 minute' and s.at + interval '1 minute'
      ) as standing
    from (
      select h.gps_time, h.lat, h.lng, h.speed_kmh, lag(h.lat) over t as before_lat, lag(h.lng) over t as before_lng
      from tracksolid.position_history h
      where h.imei = s.imei and h.gps_time between s.before_at - interval '1 hour' and s.at + interval '15 minutes'
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      window t as (order by h.gps_time)
    ) fix
  ) track
  left join lateral (
    select h.lat, h.lng from tracksolid.position_history h
    where h.imei = s.imei and h.gps_time between s.before_at - interval '15 minutes' and s.at + interval '15 minutes'
      and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time > s.at, abs(extract(epoch from h.gps_time - s.at)) limit 1
  ) place on true
  cross join lateral (
    select case when s.change > 0 then s.change else -s.change - 0.4 * track.driven_km end as unexplained
  ) used
  where unit.code = unit.code_before and used.unexplained >= 7
), judged as materialized (
  select e.*, least(1, (unexplained - 7) / 14) as size, greatest(0, 1 - spread / abs(change)) as steady,
    exists (
      select from event o
      where (o.imei, o.event_from, o.source, o.sensor) = (e.imei, e.event_from, e.source, e.sensor)
        and sign(o.change) = -sign(e.change)
        and o.at between e.at - interval '30 minutes' and e.at + interval '30 minutes'
        and abs(o.change) between 0.75 * abs(e.change) and abs(e.change) / 0.75
    ) as came_back
  from event e
  join span s on s.imei = e.imei and s.event_from = e.event_from
  where e.at >= s.event_from and e.at < s.event_to
), emptied as (
  delete from reporting.fuel_events k using span s
  where k.imei = s.imei and k.at >= s.event_from and k.at < s.event_to and not exists (
    select from judged j
    where (j.imei, j.at, j.source, j.sensor) = (k.imei, k.at, k.source, k.sensor)
  )
)
insert into reporting.fuel_events as k (
  imei, at, source, sensor, unit_code, kind, before_at, from_level, to_level, unexplained, standing, driven_km, lat, lng,
  confidence, doubts
)
select
  imei, at, source, sensor, unit_code, case when change > 0 then 'refill' else 'drain' end, before_at, from_level,
  to_level, round(unexplained::numeric, 3)::double precision, standing, driven_km, lat, lng,
  round(((
    0.3 * size + 0.2 * least(readings, 3) / 3 + 0.2 * steady
      + 0.3 * case when standing then 1 when standing is null then 0.5 else 0 end
  ) * case when came_back then 0.3 else 1 end)::numeric, 2)::real,
  nullif(concat_ws(
    ', ',
    case when size < 0.5 then 'small' end,
    case when readings < 3 then 'few readings' end,
    case when steady < 0.5 then 'unsteady' end,
    case when standing is null then 'no fix' when not standing then 'under way' end,
    case when came_back then 'came back' end
  ), '')
from judged
order by imei, at, source, sensor
on conflict (imei, at, source, sensor) do update set
  unit_code = excluded.unit_code, kind = excluded.kind, before_at = excluded.before_at,
  from_level = excluded.from_level, to_level = excluded.to_level, unexplained = excluded.unexplained, standing = excluded.standing,
  driven_km = excluded.driven_km, lat = excluded.lat, lng = excluded.lng,
  confidence = excluded.confidence, doubts = excluded.doubts
where to_jsonb(k) is distinct from to_jsonb(excluded)
