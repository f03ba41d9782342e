-- Vehicles that by their newest fix of the day are outside the geofence that has the name of their city or, without such a one,
-- further than cityAwayKm from the median place of the city's vehicles, if these are cityLeastVehicles at least. Maps leave out
-- hidden vehicles, and this tells where one is.
select 'outside_city', 'vehicle', j.imei, j.label, j.imei, drove.driver_name,
  case when j.km > 2 * j.away_km then 'high' else 'medium' end,
  case when j.is_inside is null or j.km is not null then format('%s is %s km away from %s', j.label, round(j.km::numeric), j.city)
    else format('%s is outside %s', j.label, j.city) end,
  case when j.is_inside is null
    then format('Its fix of %s is %s km from the median of %s vehicles of %s; told over %s km (cityAwayKm)%s.',
      reporting.fn_iso(j.fix_at), round(j.km::numeric, 1), j.vehicles, j.city, round(j.away_km::numeric, 1), j.bar_words)
    else format('Its fix of %s is outside the geofence %s; the vehicle belongs to %s.', reporting.fn_iso(j.fix_at), j.geofence, j.city)
  end,
  jsonb_build_object(
    'city', j.city, 'fixAt', reporting.fn_iso(j.fix_at), 'lat', j.lat, 'lng', j.lng, 'geofence', j.geofence,
    'distanceKm', round(j.km::numeric, 1), 'overKm', case when j.is_inside is null then round(j.away_km::numeric, 1) end,
    'medianLat', round(j.median_lat::numeric, 5), 'medianLng', round(j.median_lng::numeric, 5), 'medianOfVehicles', j.vehicles,
    'bar', j.bar
  ),
  jsonb_build_array(
    '/v1/vehicles/' || j.imei,
    format('/v1/vehicles/%s/track?from=%s&to=%s', j.imei, reporting.fn_iso(j.day_from), reporting.fn_iso(j.day_to))
  )
from (
  select v.imei, coalesce(v.plate, v.name, v.imei) as label, v.city, l.lat, l.lng, l.fix_at, a.day_from, a.day_to, a.at, fence.name as geofence,
    fence.is_inside, m.lat as median_lat, m.lng as median_lng, m.vehicles, coalesce(b.bar, 1) as bar,
    coalesce(b.bar_words, '') as bar_words, (a.rules ->> 'cityAwayKm')::double precision * coalesce(b.bar, 1) as away_km,
    -- Over a sphere: another city may be far. The lesser of 1 and nothing is 1.
    case when m.vehicles is not null then 2 * 6371 * asin(least(1, sqrt(
      sin(radians(l.lat - m.lat) / 2) ^ 2 + cos(radians(m.lat)) * cos(radians(l.lat)) * sin(radians(l.lng - m.lng) / 2) ^ 2
    ))) end as km
  from asked a
  cross join reporting.v_vehicles v
  join tracksolid.live_positions l on l.imei = v.imei
  left join (
    select o.city, count(*)::integer as vehicles, percentile_cont(0.5) within group (order by p.lat) as lat,
      percentile_cont(0.5) within group (order by p.lng) as lng
    from asked a
    cross join reporting.v_vehicles o
    join tracksolid.live_positions p on p.imei = o.imei
    where o.enabled and o.city is not null and (p.pos_type is null or p.pos_type = 'GPS')
      and p.fix_at > a.at - make_interval(days => (a.rules ->> 'cityFixDays')::integer) and p.fix_at <= a.as_of
    group by o.city, a.rules
    having count(*) >= (a.rules ->> 'cityLeastVehicles')::integer
  ) m on m.city = v.city
  left join lateral (
    select g.name, exists (
      select from tracksolid.geofence_parts p
      where p.geofence_id = g.geofence_id and l.lat between p.min_lat and p.max_lat and l.lng between p.min_lng and p.max_lng
        and tracksolid.fn_geofence_holds(p.area, p.holes, p.centre_lat, p.centre_lng, p.radius_m, l.lat, l.lng)
    ) as is_inside
    from tracksolid.geofences g
    where g.enabled and lower(g.name) = lower(btrim(v.city))
    order by g.geofence_id limit 1
  ) fence on true
  left join bars b on b.kind = 'outside_city' and b.subject = v.imei
  where a.is_new and v.enabled and not v.hidden_on_map and v.city is not null
    and l.fix_at >= a.day_from and l.fix_at <= a.as_of and (l.pos_type is null or l.pos_type = 'GPS')
) j
left join lateral reporting.fn_driver_at(j.imei, j.fix_at) drove on true
where coalesce(not j.is_inside, j.km > j.away_km)
