-- The first and the last day of which anything is known of any vehicle.
select
  (select v.day::text from reporting.vehicle_day v where v.imei in (select imei from reporting.v_vehicles)
   order by v.day limit 1) as first,
  (select v.day::text from reporting.vehicle_day v where v.imei in (select imei from reporting.v_vehicles)
   order by v.day desc limit 1) as last
