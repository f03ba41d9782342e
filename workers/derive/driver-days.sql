-- Shares the days of vehicles in the list $1 out between their drivers. Who had the vehicle all day has its day; a day on
-- which drivers changed is computed from its fixes, with $2 and $3 as its hours were.
with listed as (
  select v.*, v.day::timestamp at time zone zone as day_from, (v.day + 1)::timestamp at time zone zone as day_to
  from (
    select distinct "imei", "day" from json_to_recordset($1::text::json) as c ("imei" text, "day" date)
  ) c
  cross join tracksolid.fleet
  join reporting.vehicle_day v on v.imei = c."imei" and v.day = c."day"
), held as (
  select l.*, a.driver_name, greatest(a.valid_from, l.day_from) as held_from, least(a.next_from, l.day_to) as held_to
  from listed l
  cross join lateral (
    select driver_name, valid_from, lead(valid_from, 1, 'infinity') over (order by valid_from) as next_from
    from tracksolid.driver_assignments where imei = l.imei
  ) a
  where a.valid_from < l.day_to and a.next_from > l.day_from
), stepped as (
  select h.imei, h.day, h.driver_name, h.gps_km as day_gps_km, h.held_from, h.held_to,
    s.*, greatest(s.step_from, h.held_from) as part_from, least(s.step_to, h.held_to) as part_to
  from held h
  cross join lateral reporting.fn_vehicle_steps(h.imei, h.held_from, h.held_to, $2::text::interval, $3::real) s
  where h.held_from > h.day_from or h.held_to < h.day_to
), driven as materialized (
  -- Once, not for every driver again.
  select imei, day, driver_name,
    sum(part_s) filter (where state = 'moving') as moving_s, sum(part_s) filter (where state = 'idling') as idling_s,
    sum(part_s) filter (where state = 'parked') as parked_s,
    sum(gps_km * case
      when is_silence then (step_to > held_from and step_to <= held_to)::integer
      else part_s / extract(epoch from step_to - step_from)
    end) / nullif(day_gps_km, 0) as share,
    max(speed_kmh) filter (where is_fix and step_from >= held_from) as max_speed_kmh,
    min(part_from) filter (where ignition and state in ('moving', 'idling')) as first_ignition_at,
    max(part_to) filter (where ignition and state in ('moving', 'idling')) as last_ignition_at,
    min(part_from) filter (where state = 'moving') as first_moving_at,
    max(part_to) filter (where state = 'moving') as last_moving_at
  from stepped
  cross join lateral (select extract(epoch from part_to - part_from)::double precision as part_s) lasted
  group by imei, day, driver_name, day_gps_km
), met as (
  select h.imei, h.day, h.driver_name, h.distance_km, h.gps_km, sum(t.km) / nullif(h.vendor_km, 0) as trip_share,
    sum(t.trips) as trips, sum(a.alarms) as alarms, sum(a.speeding_events) as speeding_events,
    sum(a.harsh_events) as harsh_events
  from held h
  cross join lateral (
    select count(*) filter (where start_time >= h.held_from) as trips, sum(distance_km * case
        when end_time = start_time then 1
        else extract(epoch from least(end_time, h.held_to) - greatest(start_time, h.held_from))
          / extract(epoch from end_time - start_time)
      end) as km
    from tracksolid.trips
    where imei = h.imei and start_time < h.held_to and start_time > h.held_from - interval '32 days'
      and (end_time > h.held_from or start_time = h.held_from)
  ) t
  cross join lateral (
    select count(*) as alarms, count(*) filter (where c.class = 'speed') as speeding_events,
      count(*) filter (where c.harsh) as harsh_events
    from tracksolid.alarms m left join tracksolid.alarm_codes c on c.code = m.canonical_code
    where m.imei = h.imei and m.alarm_time >= h.held_from and m.alarm_time < h.held_to
  ) a
  where h.held_from > h.day_from or h.held_to < h.day_to
  group by h.imei, h.day, h.driver_name, h.distance_km, h.gps_km, h.vendor_km
), account as materialized (
  select imei, day, driver_name, moving_s, idling_s, parked_s, distance_km, trips, max_speed_kmh, first_ignition_at,
    last_ignition_at, first_moving_at, last_moving_at, alarms, speeding_events, harsh_events
  from held where held_from = day_from and held_to = day_to
  union all
  select imei, day, driver_name, floor(coalesce(moving_s, 0))::integer, floor(coalesce(idling_s, 0))::integer,
    floor(coalesce(parked_s, 0))::integer,
    case
      when distance_km = 0 then 0
      else round((distance_km * coalesce(case when gps_km > 0 then share else trip_share end, 0))::numeric, 3)
    end::double precision,
    trips::integer,
    max_speed_kmh, first_ignition_at, last_ignition_at, first_moving_at, last_moving_at, alarms::integer,
    speeding_events::integer, harsh_events::integer
  from met left join driven using (imei, day, driver_name)
), emptied as (
  delete from reporting.driver_day k
  using (select "imei" as imei, "day" as day from json_to_recordset($1::text::json) as c ("imei" text, "day" date)) c
  where k.imei = c.imei and k.day = c.day and not exists (
    select from account a where a.imei = k.imei and a.day = k.day and a.driver_name = k.driver_name
  )
)
insert into reporting.driver_day as k (
  imei, day, driver_name, moving_s, idling_s, parked_s, distance_km, trips, max_speed_kmh, first_ignition_at,
  last_ignition_at, first_moving_at, last_moving_at, alarms, speeding_events, harsh_events
)
select * from account
order by imei, day, driver_name
on conflict (imei, day, driver_name) do update set
  moving_s = excluded.moving_s, idling_s = excluded.idling_s, parked_s = excluded.parked_s,
  distance_km = excluded.distance_km, trips = excluded.trips, max_speed_kmh = excluded.max_speed_kmh,
  first_ignition_at = excluded.first_ignition_at, last_ignition_at = excluded.last_ignition_at,
  first_moving_at = excluded.first_moving_at, last_moving_at = excluded.last_moving_at, alarms = excluded.alarms,
  speeding_events = excluded.speeding_events, harsh_events = excluded.harsh_events
where to_jsonb(k) is distinct from to_jsonb(excluded)
