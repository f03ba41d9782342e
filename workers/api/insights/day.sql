-- Which day of the fleet's zone is meant as of $1: $2, or yesterday. isKept: its insights are. revision: changes with what is kept of
-- it, with what people said up to it, and with what vehicles are called and belong to.
select d.day::text, d.day > d.today as "isToCome", k.day is not null as "isKept",
  case when k.day is not null then md5(concat_ws(' ',
    k.version, k.told_at,
    -- Ids begin with the day. Explanations are for a year at most.
    (select concat_ws(' ', count(*), max(r.remark_id)) from reporting.insight_remarks r
     where r.insight_id >= (d.day - 366)::text and r.insight_id < (d.day + 1)::text),
    (select concat_ws(' ', count(*), max(changed_at)) from tracksolid.devices)
  )) end as revision
from (
  select coalesce($2::text::date, t.today - 1) as day, t.today
  from tracksolid.fleet f
  cross join lateral (select ($1::text::timestamptz at time zone f.zone)::date as today) t
) d
left join reporting.insight_days k on k.day = d.day
