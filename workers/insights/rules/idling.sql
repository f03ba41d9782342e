-- Vehicles that idled longer than idlingTimes their own median and than idlingMoreS beyond it. The median is that of the last
-- idlingOfDays days on which the vehicle moved and of which half is known at least, none older than idlingBackDays; without
-- idlingLeastDays of them nobody knows what is usual.
select 'idling', 'vehicle', j.imei, j.label, j.imei, j.driver,
  case when j.idling_s > 2 * j.over_s then 'high' else 'medium' end,
  format('%s idled for %s', j.label, reporting.fn_duration_words(j.idling_s)),
  format('Its median of %s days is %s; told over the higher of %s times that and %s more, which is %s (idlingTimes, idlingMoreS)%s.',
    j.days, reporting.fn_duration_words(j.median_s), j.times, reporting.fn_duration_words(j.more_s),
    reporting.fn_duration_words(j.over_s), j.bar_words),
  jsonb_build_object(
    'idlingS', j.idling_s, 'medianS', round(j.median_s), 'medianOfDays', j.days, 'overS', round(j.over_s), 'bar', j.bar
  ),
  jsonb_build_array(
    '/v1/vehicles/' || j.imei,
    format('/v1/trips?imei=%s&from=%s&to=%s', j.imei, reporting.fn_iso(j.day_from), reporting.fn_iso(j.day_to)),
    format('/v1/parking?imei=%s&acc=on&from=%s&to=%s', j.imei, reporting.fn_iso(j.day_from), reporting.fn_iso(j.day_to))
  )
from (
  select v.imei, coalesce(v.plate, v.name, v.imei) as label, u.idling_s, usual.days, usual.median_s, a.day_from, a.day_to, a.rules,
    coalesce(b.bar, 1) as bar, coalesce(b.bar_words, '') as bar_words, r.times, r.more_s,
    greatest(r.times * usual.median_s, usual.median_s + r.more_s) * coalesce(b.bar, 1) as over_s,
    (
      select k.driver_name from reporting.driver_day k
      where k.imei = v.imei and k.day = a.day order by k.idling_s desc, k.driver_name limit 1
    ) as driver
  from asked a
  cross join lateral (
    select (a.rules ->> 'idlingTimes')::double precision as times, (a.rules ->> 'idlingMoreS')::double precision as more_s
  ) r
  join reporting.vehicle_day u on u.day = a.day and u.idling_s > r.more_s
  join reporting.v_vehicles v on v.imei = u.imei
  cross join lateral (
    select count(*)::integer as days, percentile_cont(0.5) within group (order by k.idling_s) as median_s
    from (
      select d.idling_s from reporting.vehicle_day d
      where d.imei = u.imei and d.day < a.day and d.day >= a.day - (a.rules ->> 'idlingBackDays')::integer
        and d.moving_s > 0 and d.unknown_s <= 43200
      order by d.day desc limit (a.rules ->> 'idlingOfDays')::integer
    ) k
  ) usual
  left join bars b on b.kind = 'idling' and b.subject = u.imei
) j
where j.days >= (j.rules ->> 'idlingLeastDays')::integer and j.idling_s > j.over_s
