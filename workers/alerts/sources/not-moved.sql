-- Vehicles that should be under way by now and have not moved today, as of $1, once it is $2 o'clock in the fleet's zone: with a
-- shift those whose shift has begun today, without one all from Monday to Friday. Nobody waits for who maps leave out.
with today as (
  select f.zone, ($1::text::timestamptz at time zone f.zone)::date as day, ($1::text::timestamptz at time zone f.zone)::time as clock
  from tracksolid.fleet f
)
select 'not_moved' as rule, v.imei || ' ' || t.day as subject, coalesce(v.plate, v.name, v.imei) as text
from today t
cross join reporting.v_vehicles v
left join tracksolid.shifts s on s.shift = v.shift and s.weekday = extract(isodow from t.day)
left join reporting.vehicle_day d on d.imei = v.imei and d.day = t.day
where t.clock >= $2::text::time and v.enabled and not v.hidden_on_map
  and case when v.shift is null then extract(isodow from t.day) <= 5 else s.starts_at + s.grace <= t.clock end
  and d.first_moving_at is null
order by 3
