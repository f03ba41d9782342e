-- Vehicles whose fuel level fell without use, by drains of a confidence of drainConfidence at least. What the sensor told and the bus
-- told too happened once.
select 'fuel_drain', 'vehicle', j.imei, j.label, j.imei, j.driver,
  case when j.confidence >= 0.8 then 'high' else 'medium' end,
  case when j.litres is null then format('The fuel level of %s fell without use', j.label)
    else format('%s lost %s l of fuel', j.label, round(j.litres::numeric)) end,
  format('%s with a confidence of up to %s between %s and %s; told from %s (drainConfidence)%s. Worth a question, not a verdict.',
    case when j.drains = 1 then 'One drain' else j.drains || ' drains' end, round(j.confidence::numeric, 2),
    to_char(j.from_at at time zone j.zone, 'HH24:MI'), to_char(j.to_at at time zone j.zone, 'HH24:MI'),
    round(j.least::numeric, 2), j.bar_words),
  jsonb_build_object(
    'drains', j.drains, 'litresL', round(j.litres::numeric, 1), 'confidence', round(j.confidence::numeric, 2),
    'leastConfidence', round(j.least::numeric, 2), 'steps', j.steps, 'bar', j.bar
  ),
  jsonb_build_array(
    '/v1/vehicles/' || j.imei,
    format('/v1/readings/fuel?imei=%s&from=%s&to=%s', j.imei, reporting.fn_iso(j.day_from), reporting.fn_iso(j.day_to))
  )
from (
  select e.imei, e.label, e.day_from, e.day_to, e.zone, e.bar, e.bar_words, e.least, count(*)::integer as drains,
    -- Of one that is not known the sum would be too small.
    case when count(*) = count(e.litres) then sum(e.litres) end as litres, max(e.confidence) as confidence,
    min(e.before_at) as from_at, max(e.at) as to_at,
    (array_agg(e.driver order by e.confidence desc, e.at))[1] as driver,
    jsonb_agg(jsonb_build_object(
      'from', reporting.fn_iso(e.before_at), 'to', reporting.fn_iso(e.at), 'fromLevel', e.from_level, 'toLevel', e.to_level,
      'unit', e.unit, 'litresL', round(e.litres::numeric, 1), 'confidence', round(e.confidence::numeric, 2),
      'standing', e.standing, 'doubts', e.doubts
    ) order by e.at) as steps
  from (
    select d.*, coalesce(d.plate, d.name, d.imei) as label, max(d.source) over (partition by d.imei) as counts, a.day_from, a.day_to,
      a.zone, coalesce(b.bar, 1) as bar, coalesce(b.bar_words, '') as bar_words, w.least
    from asked a
    join reporting.v_fuel_events d on d.at >= a.day_from and d.at < a.day_to and d.kind = 'drain'
    left join bars b on b.kind = 'fuel_drain' and b.subject = d.imei
    cross join lateral (
      select least((a.rules ->> 'drainConfidence')::double precision * coalesce(b.bar, 1), 1) as least
    ) w
    where d.confidence >= w.least::real
  ) e
  where e.source = e.counts
  group by e.imei, e.label, e.day_from, e.day_to, e.zone, e.bar, e.bar_words, e.least
) j
