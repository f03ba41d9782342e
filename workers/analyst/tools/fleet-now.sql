-- The fleet as it stands at $1; silent after $2 s, stale after $3 s. One row.
with live as materialized (
  select * from reporting.fn_live_positions($1::timestamptz, $2::int * interval '1 s', $3::int * interval '1 s')
),
day as (select ($1::timestamptz at time zone zone)::date as day, zone from reporting.v_fleet),
heard as (select imei, name, plate, greatest(fix_at, contact_at) as heard_at from live),
warned as (
  select coalesce(a.class, 'unclassified') as class, sum(a.alarms)::int as alarms
  from reporting.v_alarms_daily a, day d where a.day = d.day group by 1
),
jobs as (select job, status, last_success_at from reporting.fn_ingest_health($1::timestamptz))
select
  d.zone, d.day::text as day,
  to_char($1::timestamptz at time zone d.zone, 'YYYY-MM-DD HH24:MI') as "localTime",
  (select count(*)::int from live) as vehicles,
  (select count(distinct driver)::int from live where status = 'moving') as "driversUnderWay",
  coalesce((
    select json_object_agg(s.status, s.vehicles order by s.vehicles desc, s.status)
    from (select status, count(*)::int as vehicles from live group by status) s
  ), '{}') as "byStatus",
  coalesce((
    select json_agg(json_build_object('city', c.city, 'vehicles', c.vehicles, 'by_status', c.by_status) order by c.city)
    from (
      select s.city, sum(s.vehicles)::int as vehicles, json_object_agg(s.status, s.vehicles order by s.status) as by_status
      from (select city, status, count(*)::int as vehicles from live group by city, status) s
      group by s.city
    ) c
  ), '[]') as "byCity",
  coalesce((select json_object_agg(class, alarms order by alarms desc, class) from warned), '{}') as "alarmsByClass",
  (
    select json_build_object('imei', imei, 'plate', plate, 'name', name, 'contact_at', reporting.fn_iso(heard_at))
    from heard where heard_at is not null order by heard_at, imei limit 1
  ) as "oldestContact",
  (select count(*)::int from heard where heard_at is null) as "neverHeardOf",
  reporting.fn_iso((select max(fix_at) from live)) as "newestFixAt",
  reporting.fn_iso((select max(contact_at) from live)) as "newestContactAt",
  coalesce((
    select json_agg(json_build_object('job', job, 'status', status, 'last_success_at', reporting.fn_iso(last_success_at)) order by job)
    from jobs where status <> 'ok'
  ), '[]') as "jobsNotOk"
from day d
