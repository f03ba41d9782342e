-- By what the vehicles of the map can be filtered, the $1 most frequent values of each, as one JSON text.
with vehicle as materialized (
  select v.* from reporting.v_vehicles v where v.enabled and not v.hidden_on_map
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
  from valued where place <= $1::int
  group by name
)
select json_build_object(
  'vehicles', (select count(*) from vehicle),
  'accounts', coalesce((select values from listed where name = 'accounts'), '[]'),
  'cities', coalesce((select values from listed where name = 'cities'), '[]'),
  'segments', coalesce((select values from listed where name = 'segments'), '[]'),
  'vehicleTypes', coalesce((select values from listed where name = 'vehicleTypes'), '[]'),
  'plates', coalesce((select values from listed where name = 'plates'), '[]')
)::text as body
