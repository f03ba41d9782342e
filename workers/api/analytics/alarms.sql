-- What vehicles warned of from day $1 to day $2, beside the days from $3 up to $1, as one JSON text: in all, by class, by day, and the
-- $6 codes and vehicles that did so most. $4 vehicles (JSON for fn_matching_vehicles), $5 drivers (JSON list) or null.
with spent as materialized (
  -- By vehicle and by day at once.
  select f.imei, f.day, f.day >= $1::date as is_now, sum(f.alarms) as alarms, count(f.alarms) as known, count(*) as days,
    count(*) filter (where f.alarms > 0) as vehicles
  from reporting.fn_fleet_days($3::date, $2::date, $4::text::json, $5::text::json) f
  group by grouping sets ((f.imei, f.day >= $1::date), (f.day))
), warned as materialized (
  select imei, sum(alarms) filter (where is_now) as alarms, sum(alarms) filter (where not is_now) as before,
    coalesce(sum(known) filter (where is_now), 0) as known, coalesce(sum(days) filter (where is_now), 0) as days,
    coalesce(sum(known) filter (where not is_now), 0) as known_before,
    coalesce(sum(days) filter (where not is_now), 0) as days_before
  from spent
  where imei is not null
  group by imei
), told as materialized (
  select a.canonical_code, sum(a.alarms) filter (where a.day >= $1::date) as alarms,
    sum(a.alarms) filter (where a.day < $1::date) as before
  from reporting.alarm_day a
  where $5::text is null and a.day between $3::date and $2::date
    and a.imei in (select imei from warned)
  group by a.canonical_code
  union all
  -- No count is by driver: of those the alarms themselves are asked.
  select m.canonical_code, count(*) filter (where m.alarm_time >= s.split_at),
    count(*) filter (where m.alarm_time < s.split_at)
  from (
    select ($3::date)::timestamp at time zone zone as from_time, ($1::date)::timestamp at time zone zone as split_at,
      ($2::date + 1)::timestamp at time zone zone as to_time
    from tracksolid.fleet
    where $5::text is not null
  ) s
  cross join lateral (
    select d.imei, d.driver_name, d.valid_from,
      lead(d.valid_from, 1, 'infinity') over (partition by d.imei order by d.valid_from) as next_from
    from tracksolid.driver_assignments d
    where d.imei in (select imei from warned)
  ) h
  join tracksolid.alarms m on m.imei = h.imei and m.alarm_time >= greatest(h.valid_from, s.from_time)
    and m.alarm_time < least(h.next_from, s.to_time)
  where h.driver_name in (select json_array_elements_text($5::text::json))
  group by m.canonical_code
), coded as materialized (
  select t.canonical_code as code, c.name, c.class, coalesce(c.harsh, false) as harsh, coalesce(t.alarms, 0) as alarms,
    coalesce(t.before, 0) as before
  from told t left join tracksolid.alarm_codes c on c.code = t.canonical_code
), daily as (
  select day, alarms, known, days, vehicles
  from spent where day >= $1::date
)
select json_build_object(
  'total', (
    select json_build_object(
      'alarms', sum(alarms), 'vehicles', case when sum(known) > 0 then count(*) filter (where alarms > 0) end,
      'vehicleDays', coalesce(sum(days), 0), 'knownVehicleDays', coalesce(sum(known), 0),
      'before', sum(before), 'vehicleDaysBefore', coalesce(sum(days_before), 0),
      'knownVehicleDaysBefore', coalesce(sum(known_before), 0)
    ) from warned
  ),
  'classes', coalesce((
    select json_agg(json_build_object('class', class, 'alarms', alarms, 'before', before) order by alarms desc, class)
    from (select class, sum(alarms) as alarms, sum(before) as before from coded group by class) c
  ), '[]'),
  'codes', coalesce((
    select json_agg(json_build_object(
      'code', code, 'name', name, 'class', class, 'harsh', harsh, 'alarms', alarms, 'before', before
    ) order by alarms desc, before desc, code)
    from (select * from coded order by alarms desc, before desc, code limit $6::int) c
  ), '[]'),
  'vehicles', coalesce((
    select json_agg(json_build_object(
      'imei', w.imei, 'name', v.name, 'plate', v.plate, 'alarms', w.alarms, 'before', w.before, 'vehicleDays', w.days,
      'knownVehicleDays', w.known
    ) order by w.alarms desc, w.imei)
    from (select * from warned where alarms > 0 order by alarms desc, imei limit $6::int) w
    join reporting.v_vehicles v on v.imei = w.imei
  ), '[]'),
  'days', coalesce((
    select json_agg(json_build_object(
      'day', day, 'alarms', alarms, 'vehicles', case when known > 0 then vehicles end, 'vehicleDays', days,
      'knownVehicleDays', known
    ) order by day) from daily
  ), '[]')
)::text as body
