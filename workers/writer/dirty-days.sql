-- Marks the days of vehicles over which facts of the list `tracksolid.dirty_days` reach: what is derived from them is to be
-- computed again.
insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
select c."imei", day::date, min(c."from"), max(c."to"), pg_current_xact_id()
from json_to_recordset(current_setting('tracksolid.dirty_days')::json) as c (
  "imei" text, "from" timestamptz, "to" timestamptz
), tracksolid.fleet, generate_series(
  (c."from" at time zone zone)::date::timestamp, c."to" at time zone zone, interval '1 day'
) as day
group by 1, 2
order by 1, 2
on conflict (imei, day) do update set
  changed_from = least(d.changed_from, excluded.changed_from),
  changed_to = greatest(d.changed_to, excluded.changed_to),
  mark = excluded.mark
