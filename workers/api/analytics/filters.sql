-- By what figures of the days from $1 to $2 can be filtered, the $7 most frequent of each, as one JSON text. $3 vehicles (JSON for
-- fn_matching_vehicles), $4 drivers (JSON list) or null; $5, $6 the days between which anything is known.
with driver as materialized (
  select d.driver_name, count(*) as vehicles, array_agg(d.imei) as imeis
  from (
    select distinct r.driver_name, r.imei
    from reporting.driver_day r
    where r.day between $1::date and $2::date
      and ($4::text is null or r.driver_name in (select json_array_elements_text($4::text::json)))
      and r.imei in (select m.imei from reporting.fn_matching_vehicles($3::text::json) m (imei))
  ) d
  group by d.driver_name
), vehicle as materialized (
  select v.* from reporting.v_vehicles v
  where v.imei in (select m.imei from reporting.fn_matching_vehicles($3::text::json) m (imei))
    and case
      when $4::text is not null then v.imei in (select unnest(imeis) from driver)
      else v.enabled or exists (
        select from reporting.vehicle_day o where o.imei = v.imei and o.day between $1::date and $2::date
      )
    end
), valued as (
  select f.name, f.value, count(*) as vehicles,
    row_number() over (partition by f.name order by count(*) desc, f.value) as place
  from vehicle v
  cross join lateral (
    values ('accounts', v.account), ('cities', v.city), ('segments', v.segment), ('vehicleTypes', v.vehicle_type),
      ('plates', v.plate)
  ) f (name, value)
  where f.value is not null
  group by f.name, f.value
), listed as (
  select name, json_agg(json_build_object('value', value, 'vehicles', vehicles) order by place) as values
  from valued where place <= $7::int
  group by name
), warned as (
  select a.canonical_code as code, sum(a.alarms) as alarms
  from reporting.alarm_day a
  where a.day between $1::date and $2::date and a.imei in (select imei from vehicle)
  group by a.canonical_code
)
select json_build_object(
  'firstDay', $5::text, 'lastDay', $6::text, 'vehicles', (select count(*) from vehicle),
  'accounts', coalesce((select values from listed where name = 'accounts'), '[]'),
  'cities', coalesce((select values from listed where name = 'cities'), '[]'),
  'segments', coalesce((select values from listed where name = 'segments'), '[]'),
  'vehicleTypes', coalesce((select values from listed where name = 'vehicleTypes'), '[]'),
  'plates', coalesce((select values from listed where name = 'plates'), '[]'),
  'drivers', coalesce((
    select json_agg(json_build_object('value', driver_name, 'vehicles', vehicles) order by vehicles desc, driver_name)
    from (select * from driver order by vehicles desc, driver_name limit $7::int) d
  ), '[]'),
  'alarmCodes', coalesce((
    select json_agg(json_build_object(
      'value', w.code, 'name', c.name, 'class', c.class, 'alarms', w.alarms
    ) order by w.alarms desc, w.code)
    from (select * from warned order by alarms desc, code limit $7::int) w
    left join tracksolid.alarm_codes c on c.code = w.code
  ), '[]')
)::text as body
