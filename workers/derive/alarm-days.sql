-- Counts the alarms of the days of vehicles in the list $1 by what they warned of.
with listed as (
  select distinct "imei" as imei, "day" as day, "day"::timestamp at time zone zone as day_from,
    ("day" + 1)::timestamp at time zone zone as day_to
  from json_to_recordset($1::text::json) as c ("imei" text, "day" date)
  cross join tracksolid.fleet
), counted as materialized (
  select l.imei, l.day, m.canonical_code, count(*)::integer as alarms
  from listed l
  join tracksolid.alarms m on m.imei = l.imei and m.alarm_time >= l.day_from and m.alarm_time < l.day_to
  group by l.imei, l.day, m.canonical_code
), emptied as (
  delete from reporting.alarm_day k using listed l
  where k.imei = l.imei and k.day = l.day and not exists (
    select from counted c where (c.imei, c.day, c.canonical_code) = (k.imei, k.day, k.canonical_code)
  )
)
insert into reporting.alarm_day as k (imei, day, canonical_code, alarms)
select imei, day, canonical_code, alarms from counted
order by imei, day, canonical_code
on conflict (imei, day, canonical_code) do update set alarms = excluded.alarms where k.alarms <> excluded.alarms
