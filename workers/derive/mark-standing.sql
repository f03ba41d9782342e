-- Marks vehicles that stand with the ignition off and have begun an hour since theirs were computed: no fix tells that
-- they stand there still, but they were heard of.
insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
select l.imei, day::date, min(last.hour), max(l.contact_at), pg_current_xact_id()
from tracksolid.live_positions l
cross join tracksolid.fleet f
cross join lateral (
  select hour from reporting.vehicle_hour h where h.imei = l.imei order by hour desc limit 1
) last
cross join lateral generate_series(
  (last.hour at time zone f.zone)::date::timestamp, l.contact_at at time zone f.zone, interval '1 day'
) as day
where l.ignition is false and l.contact_at >= last.hour + interval '1 hour' and l.fix_at <= l.contact_at
  and l.fix_at > l.contact_at - interval '32 days' and last.hour > l.contact_at - interval '32 days'
group by l.imei, day
order by 1, 2
on conflict (imei, day) do nothing
