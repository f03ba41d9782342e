-- Marks vehicles that stand with the ignition off and have begun an hour since theirs were computed: no fix tells that
-- they stand there still, but they were heard of. Notes that, since the next contact may say otherwise.
with standing as (
  select l.imei, l.contact_at, fix.gps_time as fix_at, last.hour, f.zone
  from tracksolid.live_positions l
  cross join tracksolid.fleet f
  cross join lateral (
    select hour from reporting.vehicle_hour h where h.imei = l.imei order by hour desc limit 1
  ) last
  cross join lateral (
    select h.gps_time from tracksolid.position_history h
    where h.imei = l.imei and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time desc limit 1
  ) fix
  where l.ignition is false and l.contact_at > last.hour + interval '1 hour'
    and fix.gps_time between l.contact_at - interval '32 days' and l.contact_at
    and last.hour > l.contact_at - interval '32 days'
), noted as (
  insert into tracksolid.stands (imei, heard_at)
  select imei, contact_at from standing where contact_at > fix_at
  order by imei
  on conflict do nothing
)
insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
select imei, day::date, hour, contact_at, pg_current_xact_id()
from standing
cross join lateral generate_series(
  (hour at time zone zone)::date::timestamp, contact_at at time zone zone, interval '1 day'
) as day
order by 1, 2
on conflict (imei, day) do nothing
