-- How far each vehicle drove on each day from day $1 to day $2, beside the days from $3 up to $1: lines of a file, at most $8 after
-- the day $6 and vehicle $7 (null for the first), as one JSON text, with the last place where more follow. $4 vehicles (JSON for
-- fn_matching_vehicles), $5 drivers (JSON list) or null. They are those of distance-daily.sql, which reads the whole period for
-- each page of them; here a page reads its own days of vehicles.
with vehicle as materialized (
  select v.imei, v.name, v.plate from reporting.v_vehicles v
  where v.imei in (select m.imei from reporting.fn_matching_vehicles($4::text::json) m (imei))
    and ($5::text is not null or v.enabled or exists (
      select from reporting.vehicle_day o where o.imei = v.imei and o.day between $3::date and $2::date
    ))
), calendar as (
  -- The rest of the day that the page before ended in, and as many days as fill a page.
  select c.day::date as day
  from (
    select coalesce($6::date, $1::date) as first, $8::int / greatest(count(*), 1) + 1 as days from vehicle
  ) f
  cross join generate_series(
    f.first::timestamp, least($2::date, f.first + f.days::int)::timestamp, interval '1 day'
  ) c (day)
), listed as (
  select c.day, v.imei from calendar c cross join vehicle v where $5::text is null
  union all
  select distinct d.day, d.imei from reporting.driver_day d
  where $5::text is not null and d.day between coalesce($6::date, $1::date) and $2::date
    and d.driver_name in (select json_array_elements_text($5::text::json)) and d.imei in (select imei from vehicle)
), page as materialized (
  select day, imei from listed
  where $6::text is null or (day, imei) > ($6::date, $7::text)
  order by day, imei
  limit $8::int + 1
), shown as materialized (select day, imei from page order by day, imei limit $8::int)
select coalesce(json_agg(
    json_build_array(s.day, s.imei, v.name, v.plate, b.driven) order by s.day, s.imei
  ), '[]')::text as body,
  case when (select count(*) from page) > $8::int
    then (select json_build_array(day, imei) from shown order by day desc, imei desc limit 1)
  end as place
from shown s
join vehicle v on v.imei = s.imei
cross join lateral (
  -- The day, and the one as many days before; of a day on which none of the drivers had the vehicle there is nothing to tell.
  select json_agg(case when $5::text is null or d.drove then json_build_array(
      round((case when $5::text is null then t.distance_km else d.distance_km end)::numeric, 3)::double precision,
      t.distance_source
    ) end order by o.day desc) as driven
  from (values (s.day), (s.day - ($1::date - $3::date))) o (day)
  -- One each, by the key: joined, a page reads the days of all vehicles.
  left join lateral (
    select r.distance_km, r.distance_source from reporting.vehicle_day r where r.imei = s.imei and r.day = o.day limit 1
  ) t on true
  left join lateral (
    select sum(r.distance_km) as distance_km, count(*) > 0 as drove from reporting.driver_day r
    where $5::text is not null and r.imei = s.imei and r.day = o.day
      and r.driver_name in (select json_array_elements_text($5::text::json))
  ) d on true
) b
