-- Drivers whose first move of the day's shift came later than the grace of the shift; of several vehicles, with the one they moved
-- first.
select 'late_start', 'driver', j.driver_name, j.driver_name, j.imei, j.driver_name,
  case when j.late_s > 3600 then 'medium' else 'low' end,
  format('%s began %s late', j.driver_name, reporting.fn_duration_words(j.late_s)),
  format('First move with %s at %s; due at %s by the shift "%s" or the taking over of the vehicle. Told over its grace of %s (tracksolid.shifts)%s.',
    j.label, to_char(j.began_at at time zone j.zone, 'HH24:MI'),
    to_char((j.began_at - make_interval(secs => j.late_s)) at time zone j.zone, 'HH24:MI'), j.shift,
    reporting.fn_duration_words(j.over_s), j.bar_words),
  jsonb_build_object(
    'beganAt', reporting.fn_iso(j.began_at), 'shift', j.shift, 'shiftFrom', reporting.fn_iso(j.shift_from), 'lateS', j.late_s,
    'overS', round(j.over_s), 'bar', j.bar
  ),
  jsonb_build_array(
    '/v1/vehicles/' || j.imei,
    format('/v1/analytics/driver-clock?driver=%s&from=%s&to=%s', reporting.fn_url_word(j.driver_name), j.day, j.day)
  )
from (
  select first.*, coalesce(b.bar, 1) as bar, coalesce(b.bar_words, '') as bar_words,
    extract(epoch from first.grace)::double precision * coalesce(b.bar, 1) as over_s
  from (
    select distinct on (c.driver_name) c.driver_name, c.imei, coalesce(c.plate, c.name, c.imei) as label, c.began_at, c.shift,
      c.shift_from, c.late_s, s.grace, a.zone, a.day
    from asked a
    join reporting.v_driver_clock_daily c on c.day = a.day and c.late_s is not null
    join tracksolid.shifts s on s.shift = c.shift and s.weekday = extract(isodow from c.day)
    order by c.driver_name, c.began_at, c.imei
  ) first
  left join bars b on b.kind = 'late_start' and b.subject = first.driver_name
) j
where j.late_s > j.over_s
