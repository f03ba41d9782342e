-- Vehicles that moved for longer than afterHoursS outside their shift: those of the day and of the day before, which may last over
-- midnight; on a free day all of it. Without a shift from nightFrom to nightTo. Hours are the finest that is kept of moves: of one in
-- which a shift begins or ends counts what cannot have been within it. The shift is the vehicle's, whoever drove.
select 'after_hours', 'vehicle', j.imei, j.label, j.imei, drove.driver_name,
  case when j.outside_s > 6 * j.over_s then 'high' else 'medium' end,
  format('%s moved for %s outside %s', j.label, reporting.fn_duration_words(j.outside_s),
    case when j.has_shift then 'its shift' else 'working hours' end),
  format('Under way between %s and %s; %s. Told over %s (afterHoursS)%s.',
    to_char(j.first_at at time zone j.zone, 'HH24:MI'), to_char(j.last_at at time zone j.zone, 'HH24:MI'),
    case
      when not j.has_shift then format('it has no shift, so the night from %s to %s counts (nightFrom, nightTo)', j.rules ->> 'nightFrom', j.rules ->> 'nightTo')
      when j.hours is null then format('the shift "%s" is free on that day', j.shift)
      else format('the shift "%s" is %s', j.shift, j.hours)
    end,
    reporting.fn_duration_words(j.over_s), j.bar_words),
  jsonb_build_object(
    'outsideS', j.outside_s, 'overS', round(j.over_s), 'shift', case when j.has_shift then j.shift end, 'within', j.hours,
    'firstMovingAt', reporting.fn_iso(j.first_at), 'lastMovingAt', reporting.fn_iso(j.last_at), 'bar', j.bar
  ),
  jsonb_build_array('/v1/vehicles/' || j.imei) || case when j.hidden_on_map then '[]'::jsonb else jsonb_build_array(
    format('/v1/vehicles/%s/track?from=%s&to=%s', j.imei, reporting.fn_iso(j.first_at), reporting.fn_iso(j.last_at))
  ) end || jsonb_build_array(
    format('/v1/trips?imei=%s&from=%s&to=%s', j.imei, reporting.fn_iso(j.day_from), reporting.fn_iso(j.day_to))
  )
from (
  select v.imei, coalesce(v.plate, v.name, v.imei) as label, v.shift, v.hidden_on_map, s.has_shift, s.hours, a.zone, a.rules, a.day_from,
    a.day_to, moved.*, coalesce(b.bar, 1) as bar, coalesce(b.bar_words, '') as bar_words,
    (a.rules ->> 'afterHoursS')::double precision * coalesce(b.bar, 1) as over_s
  from asked a
  join reporting.vehicle_day u on u.day = a.day and u.moving_s > (a.rules ->> 'afterHoursS')::double precision
  join reporting.v_vehicles v on v.imei = u.imei
  cross join lateral (
    select count(*) > 0 as has_shift, coalesce(array_agg(x.span) filter (where x.span is not null), '{}') as spans,
      string_agg(to_char(lower(x.span) at time zone a.zone, 'HH24:MI') || '–' || to_char(upper(x.span) at time zone a.zone, 'HH24:MI'), ', ' order by x.span)
        filter (where upper(x.span) > a.day_from) as hours
    from (
      select case when k.day is not null then tstzrange(
        (k.day + t.starts_at) at time zone a.zone,
        (k.day + t.ends_at + case when t.ends_at <= t.starts_at then interval '1 day' else interval '0' end) at time zone a.zone
      ) end as span
      from tracksolid.shifts t
      left join (values (a.day), (a.day - 1)) k (day) on extract(isodow from k.day) = t.weekday
      where t.shift = v.shift
    ) x
  ) s
  cross join lateral (
    select sum(o.outside_s)::integer as outside_s, min(o.first_moving_at) filter (where o.outside_s > 0) as first_at,
      max(o.last_moving_at) filter (where o.outside_s > 0) as last_at
    from (
      select h.first_moving_at, h.last_moving_at, greatest(h.moving_s - ceil(coalesce(sum(extract(epoch from
        least(h.last_moving_at, upper(w.span)) - greatest(h.first_moving_at, lower(w.span))
      )) filter (where w.span is not null), 0)), 0) as outside_s
      from reporting.vehicle_hour h
      left join unnest(case when s.has_shift then s.spans else array[tstzrange(
        (a.day + (a.rules ->> 'nightTo')::time) at time zone a.zone, (a.day + (a.rules ->> 'nightFrom')::time) at time zone a.zone
      )] end) w (span) on w.span && tstzrange(h.first_moving_at, h.last_moving_at)
      where h.imei = u.imei and h.hour >= a.day_from and h.hour < a.day_to and h.moving_s > 0
      group by h.hour, h.moving_s, h.first_moving_at, h.last_moving_at
    ) o
  ) moved
  left join bars b on b.kind = 'after_hours' and b.subject = u.imei
) j
left join lateral reporting.fn_driver_at(j.imei, j.first_at) drove on true
where j.outside_s > j.over_s
