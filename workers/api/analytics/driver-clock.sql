-- When days of drivers began and ended, from day $1 to day $2: a page of at most $7 after $6 (JSON: day, driver, imei; null for the
-- first), as one JSON text, with the place of the last where more follow. $3 vehicles (JSON for fn_matching_vehicles), $4 drivers
-- (JSON list) or null, $5 now, null where its day is not among them: of that day also those are told who have not begun.
with today as materialized (
  select ($5::text::timestamptz at time zone zone)::date as day from tracksolid.fleet
), after as materialized (
  select a.place ->> 0 as day, a.place ->> 1 as driver, a.place ->> 2 as imei from (select $6::text::json as place) a
), past as materialized (
  -- What shifts say is asked for the page alone, and the page is read in the order of the index: a join ("is true") would read and
  -- sort the whole period.
  select r.day, r.driver_name, r.imei from reporting.driver_day r
  where r.day between $1::date and $2::date and r.day is distinct from (select day from today)
    and ($4::text is null or r.driver_name in (select json_array_elements_text($4::text::json)))
    and (r.imei in (select m.imei from reporting.fn_matching_vehicles($3::text::json) m (imei))) is true
    and ($6::text is null or (r.day, r.driver_name, r.imei) > (select a.day::date, a.driver, a.imei from after a))
  order by r.day, r.driver_name, r.imei
  limit $7::int + 1
), clock as (
  select c.day, c.driver_name, c.imei, c.name, c.plate, c.account, c.city, c.shift, c.shift_from, c.shift_to,
    c.first_ignition_at, c.first_moving_at, c.began_at, c.last_moving_at, c.last_ignition_at,
    case
      when c.shift_from is null then 'free'
      when c.is_late then 'late'
      when c.began_at is not null then 'on_time'
      when v.known_to >= c.shift_from then 'missing'
      else 'unknown'
    end as status, c.late_s
  from past p
  join reporting.v_driver_clock_daily c on c.day = p.day and c.driver_name = p.driver_name and c.imei = p.imei
  left join reporting.vehicle_day v on v.imei = p.imei and v.day = p.day
  union all
  select t.day, t.driver_name, t.imei, t.name, t.plate, t.account, t.city, t.shift, t.shift_from, t.shift_to,
    t.first_ignition_at, t.first_moving_at, t.began_at, t.last_moving_at, t.last_ignition_at, t.status, t.late_s
  from reporting.fn_driver_clock_today($5::text::timestamptz) t
  where (select day from today) between $1::date and $2::date
    and ($4::text is null or t.driver_name in (select json_array_elements_text($4::text::json)))
    and t.imei in (select reporting.fn_matching_vehicles($3::text::json))
    and ($6::text is null or (t.day, t.driver_name, t.imei) > (select a.day::date, a.driver, a.imei from after a))
), page as materialized (
  select * from clock order by day, driver_name, imei limit $7::int + 1
), shown as (select * from page order by day, driver_name, imei limit $7::int)
select json_build_object('days', coalesce(json_agg(json_build_object(
  'day', day, 'driver', driver_name, 'imei', imei, 'name', name, 'plate', plate, 'account', account, 'city', city,
  'status', status, 'shift', shift,
  'shiftFrom', reporting.fn_iso(shift_from),
  'shiftTo', reporting.fn_iso(shift_to),
  'firstIgnitionAt', reporting.fn_iso(first_ignition_at),
  'firstMovingAt', reporting.fn_iso(first_moving_at),
  'beganAt', reporting.fn_iso(began_at),
  'endedAt', reporting.fn_iso(last_moving_at),
  'lastIgnitionAt', reporting.fn_iso(last_ignition_at),
  'lateS', late_s
) order by day, driver_name, imei), '[]'))::text as body,
  case when (select count(*) from page) > $7::int then (
    select json_build_array(day, driver_name, imei) from shown order by day desc, driver_name desc, imei desc limit 1
  ) end as place
from shown
