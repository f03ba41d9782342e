-- Marks the days of what others stored. A clock that is years off marks nothing, a stay of years its first 400 days.
with taken as (
  delete from private.changed_elsewhere returning imei, from_time, least(to_time, from_time + interval '400 days') as to_time
), fact as (
  select t.imei, day::date as day, t.from_time, t.to_time
  from taken t cross join tracksolid.fleet, generate_series(
    (t.from_time at time zone zone)::date::timestamp, t.to_time at time zone zone, interval '1 day'
  ) as day
  where t.from_time > '2015-01-01' and t.from_time < now() + interval '2 days'
)
insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
select imei, day, min(from_time), max(to_time), pg_current_xact_id() from fact
group by imei, day
order by imei, day
on conflict (imei, day) do update set
  changed_from = least(d.changed_from, excluded.changed_from),
  changed_to = greatest(d.changed_to, excluded.changed_to),
  mark = excluded.mark
