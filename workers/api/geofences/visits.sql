-- A page of the visits to geofence $1 that touch [$2, $3), newest first, as one JSON text; no row where there is no such
-- geofence. $4 filter of vehicles (JSON), $5 drivers when it entered (JSON list, null: any). At most $6, before the visit that
-- began at $7 with IMEI $8, or null.
with begun as (
  select v.* from reporting.v_geofence_visits v
  left join lateral reporting.fn_driver_at(v.imei, v.entered_at) drove on $5::text is not null
  where v.geofence_id = $1::int and v.entered_at >= $2::text::timestamptz and v.entered_at < $3::text::timestamptz
    and ($7::text is null or (v.entered_at, v.imei) < ($7::text::timestamptz, $8::text))
    and v.imei in (select reporting.fn_matching_vehicles($4::text::json))
    and ($5::text is null or drove.driver_name in (select json_array_elements_text($5::text::json)))
  order by v.entered_at desc, v.imei desc
  limit $6::int + 1
), gone_on as (
  -- Of each vehicle only the last visit before the time can reach into it.
  select v.* from reporting.fn_matching_vehicles($4::text::json) as m (imei)
  cross join lateral (
    select b.entered_at from tracksolid.geofence_visits b
    where b.geofence_id = $1::int and b.imei = m.imei and b.entered_at < $2::text::timestamptz
    order by b.entered_at desc limit 1
  ) b
  join reporting.v_geofence_visits v
    on v.geofence_id = $1::int and v.imei = m.imei and v.entered_at = b.entered_at
  left join lateral reporting.fn_driver_at(v.imei, v.entered_at) drove on $5::text is not null
  where v.known_to >= $2::text::timestamptz
    and ($7::text is null or (v.entered_at, v.imei) < ($7::text::timestamptz, $8::text))
    and ($5::text is null or drove.driver_name in (select json_array_elements_text($5::text::json)))
), found as materialized (
  select * from (select * from begun union all select * from gone_on) v
  order by v.entered_at desc, v.imei desc limit $6::int + 1
), page as (
  select * from found order by entered_at desc, imei desc limit $6::int
)
select
  coalesce((
    select json_agg(json_build_object(
      'imei', p.imei, 'name', p.name, 'plate', p.plate, 'driver', drove.driver_name,
      'enteredAt', reporting.fn_iso(p.entered_at),
      'enteredAfter', reporting.fn_iso(p.entered_after),
      'leftAt', reporting.fn_iso(p.left_at),
      'leftBefore', reporting.fn_iso(p.left_before),
      'knownTo', reporting.fn_iso(p.known_to),
      'insideS', p.inside_s, 'atMostS', p.at_most_s, 'entryIsExact', p.entry_is_exact, 'entryWithinS', p.entry_within_s,
      'exitIsExact', p.exit_is_exact, 'exitWithinS', p.exit_within_s, 'fixes', p.fixes
    ) order by p.entered_at desc, p.imei desc)
    from page p left join lateral reporting.fn_driver_at(p.imei, p.entered_at) drove on true
  ), '[]')::text as entries,
  case when (select count(*) from found) > $6::int then (
    select json_build_array(to_char(p.entered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p.imei)
    from page p order by p.entered_at, p.imei limit 1
  ) end as last
from tracksolid.geofences where geofence_id = $1::int
