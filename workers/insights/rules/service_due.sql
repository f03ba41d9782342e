-- Vehicles that have driven their service interval since the last service that is noted.
select 'service_due', 'vehicle', j.imei, j.label, j.imei, drove.driver_name,
  case when j.since_km >= 1.1 * j.over_km then 'high' else 'medium' end,
  format('%s is due for a service', j.label),
  format('%s km since %s, by %s; told from its interval of %s km%s.', round(j.since_km::numeric), j.serviced_on,
    case j.since_source when 'odometer' then 'the odometer' else 'the distances of its days' end, round(j.over_km::numeric), j.bar_words),
  jsonb_build_object(
    'sinceKm', round(j.since_km::numeric, 1), 'servicedOn', j.serviced_on, 'source', j.since_source,
    'intervalKm', j.service_interval_km, 'fromKm', round(j.over_km::numeric, 1), 'bar', j.bar
  ),
  jsonb_build_array('/v1/vehicles/' || j.imei)
from (
  select s.*, coalesce(s.plate, s.name, s.imei) as label, a.at, coalesce(b.bar, 1) as bar, coalesce(b.bar_words, '') as bar_words,
    s.service_interval_km::double precision * coalesce(b.bar, 1) as over_km
  from asked a
  cross join lateral reporting.fn_service_due(a.at) s
  left join bars b on b.kind = 'service_due' and b.subject = s.imei
  where a.is_new
) j
left join lateral reporting.fn_driver_at(j.imei, j.at) drove on true
where j.since_km >= j.over_km
