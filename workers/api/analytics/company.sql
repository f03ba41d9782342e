-- What a figure hangs on besides the days it is of: what the company says of its fleet and, where $1, what was filled in on the days
-- from $2 to $3. A word that is another once any of it changes.
select md5(concat_ws(' ',
  (select sum(hashtextextended(t::text, 0)) from tracksolid.vehicle_types t),
  (select sum(hashtextextended(s::text, 0)) from tracksolid.shifts s),
  (select sum(hashtextextended(p::text, 0)) from tracksolid.fuel_prices p),
  (select sum(hashtextextended(u::text, 0)) from tracksolid.fuel_units u),
  (select sum(hashtextextended(c::text, 0)) from tracksolid.alarm_codes c),
  case when $1::boolean then (
    select sum(hashtextextended(concat_ws(' ', l.imei, l.filled_at, l.litres, l.cost, l.currency), 0))
    from tracksolid.fleet f
    join reporting.v_fuel_fills l on l.filled_at >= $2::date::timestamp at time zone f.zone
      and l.filled_at < ($3::date + 1)::timestamp at time zone f.zone
  ) end
)) as revision
