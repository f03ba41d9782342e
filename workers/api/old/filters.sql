-- What can be filtered by, of the vehicles that match $1.
with vehicle as (
  select v.*, d.driver_name as driver
  from reporting.v_vehicles v join tracksolid.devices d on d.imei = v.imei
  where v.enabled and not v.hidden_on_map and v.imei in (select reporting.fn_matching_vehicles($1::text::json))
)
select json_build_object(
  'accounts', (select coalesce(json_agg(x order by x), '[]') from (select distinct account as x from vehicle where account is not null) s),
  'cities', (select coalesce(json_agg(x order by x), '[]') from (select distinct city as x from vehicle where city is not null) s),
  'segments', (select coalesce(json_agg(x order by x), '[]') from (select distinct segment as x from vehicle where segment is not null) s),
  'vehicle_types', (
    select coalesce(json_agg(x order by x), '[]') from (select distinct vehicle_type as x from vehicle where vehicle_type is not null) s
  ),
  'drivers', (select coalesce(json_agg(x order by x), '[]') from (select distinct driver as x from vehicle where driver is not null) s),
  'plates', (select coalesce(json_agg(x order by x), '[]') from (select distinct plate as x from vehicle where plate is not null) s),
  'vehicles', (
    select coalesce(json_agg(json_build_object('imei', imei, 'name', name, 'plate', plate) order by imei), '[]') from vehicle
  )
)::text as body
