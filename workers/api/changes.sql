-- The days above version $1, oldest change first: $2 of them and those that changed with the last, as one JSON text. $3 filter of
-- reporting.fn_matching_vehicles.
with page as materialized (
  select v.imei, v.day, v.version
  from reporting.day_versions v
  where v.version > $1::bigint and v.imei in (select reporting.fn_matching_vehicles($3::text::json))
  order by v.version
  fetch first ($2::int) rows with ties
), span as (
  select p.*, p.day::timestamp at time zone f.zone as from_time, (p.day + 1)::timestamp at time zone f.zone as to_time
  from page p cross join tracksolid.fleet f
), newest as (
  select version from reporting.newest_version
), upto as (
  -- Nothing that matches lies between the last of a page that is not full and the newest of all.
  select case when (select count(*) from page) < $2::int then greatest($1::bigint, (select version from newest))
    else (select max(version) from page) end as version
)
select json_build_object(
  'changes', coalesce((
    select json_agg(json_build_object(
      'imei', s.imei,
      'day', s.day,
      'version', s.version,
      'summary', (
        select json_build_object(
          'distanceKm', d.distance_km, 'distanceSource', d.distance_source, 'movingS', d.moving_s, 'idlingS', d.idling_s,
          'parkedS', d.parked_s, 'unknownS', d.unknown_s, 'trips', d.trips, 'alarms', d.alarms, 'fixes', d.fixes,
          'maxSpeedKmh', d.max_speed_kmh, 'firstMovingAt', reporting.fn_iso(d.first_moving_at),
          'lastMovingAt', reporting.fn_iso(d.last_moving_at), 'fuelL', d.fuel_l
        )
        from reporting.vehicle_day d where d.imei = s.imei and d.day = s.day
      ),
      'trips', coalesce((
        select json_agg(json_build_object(
          'startAt', reporting.fn_iso(t.start_time), 'endAt', reporting.fn_iso(t.end_time), 'driver', drove.driver_name,
          'distanceKm', t.distance_km, 'drivingS', t.driving_time_s, 'idleS', t.idle_time_s, 'maxSpeedKmh', t.max_speed_kmh,
          'startLat', t.start_lat, 'startLng', t.start_lng, 'startAddress', t.start_address,
          'endLat', t.end_lat, 'endLng', t.end_lng, 'endAddress', t.end_address, 'fuelL', t.fuel_l
        ) order by t.start_time)
        -- Not of v_trips, which until the cut-over of an adopted database is the earlier system's.
        from tracksolid.trips t
        join reporting.v_vehicles d on d.imei = t.imei
        left join lateral reporting.fn_driver_at(t.imei, t.start_time) drove on true
        where t.imei = s.imei and t.start_time >= s.from_time and t.start_time < s.to_time
      ), '[]'),
      'stays', coalesce((
        select json_agg(json_build_object(
          'startAt', reporting.fn_iso(k.start_time), 'endAt', reporting.fn_iso(k.end_time), 'acc', k.acc,
          'durationS', k.duration_s, 'lat', k.lat, 'lng', k.lng, 'address', k.address
        ) order by k.start_time, k.acc)
        from tracksolid.parking_events k
        where k.imei = s.imei and k.start_time >= s.from_time and k.start_time < s.to_time
      ), '[]'),
      'alarms', coalesce((
        select json_agg(json_build_object(
          'at', reporting.fn_iso(a.alarm_time), 'endedAt', reporting.fn_iso(a.ended_at), 'code', a.canonical_code,
          'name', a.alarm_name, 'fenceId', nullif(a.fence_id, ''), 'lat', a.lat, 'lng', a.lng, 'speedKmh', a.speed_kmh
        ) order by a.alarm_time, a.canonical_code, a.fence_id)
        from tracksolid.alarms a
        where a.imei = s.imei and a.alarm_time >= s.from_time and a.alarm_time < s.to_time
      ), '[]'),
      'visits', coalesce((
        select json_agg(json_build_object(
          'geofenceId', g.geofence_id, 'geofence', g.geofence, 'enteredAt', reporting.fn_iso(g.entered_at),
          'leftAt', reporting.fn_iso(g.left_at), 'insideS', g.inside_s
        ) order by g.entered_at, g.geofence_id)
        from reporting.v_geofence_visits g
        where g.imei = s.imei and g.entered_at >= s.from_time and g.entered_at < s.to_time
      ), '[]')
    ) order by s.version, s.day, s.imei)
    from span s
  ), '[]'),
  'toVersion', (select version from upto),
  'more', (select version from upto) < (select version from newest)
)::text as body
where $1::bigint <= (select version from newest)
