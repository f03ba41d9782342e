-- A page of trips that began in [$1, $2), newest first, as one JSON text. $3 vehicles (filter of reporting.fn_chosen_vehicles), $4 drivers
-- (JSON list, null: any). $5 the last of the page before (JSON: at, imei; {} for the first), $6 how many. $7 form: json, geojson, or trip
-- for the first alone with all of it. $8 metres that the lines of their tracks may be off; null: no tracks. $9 least km, or null.
-- Of few vehicles each one's newest are read by its key, of many the newest of all by the time. The planner takes a span for some
-- hundred rows and would sort all there are: what is read is in the order of an index as it is, and in none of a join ("is true").
-- So a page of 100 of 250,000 trips in 92 days reads 101 rows: 5 to 15 ms, of 1,000 some 40, of 200 with tracks of 120 fixes 250. With a
-- join and a sort by the whole key the whole span is read.
with vehicle as materialized (
  select * from reporting.fn_chosen_vehicles($3::text::json, $4::text::json, $7 = 'geojson')
), bound as materialized (
  select coalesce(a."at", $2::text::timestamptz) as at, coalesce(a."imei", '') as imei, (select count(*) from vehicle) <= 50 as is_few
  from json_to_record($5::text::json) as a ("at" timestamptz, "imei" text)
), page as materialized (
  select * from (
    select t.* from vehicle v cross join lateral (
      select k.* from tracksolid.trips k
      where k.imei = v.imei and k.start_time >= $1::text::timestamptz and k.start_time <= (select at from bound)
        and (k.start_time < (select at from bound) or k.imei < (select imei from bound))
        and ($9::float8 is null or k.distance_km >= $9::float8)
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.start_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.start_time desc
      limit $6::int + 1
    ) t
    where (select is_few from bound)
    union all (
      select k.* from tracksolid.trips k
      where (select not is_few from bound) and (k.imei in (select imei from vehicle)) is true
        and k.start_time >= $1::text::timestamptz and k.start_time <= (select at from bound)
        and (k.start_time < (select at from bound) or k.imei < (select imei from bound))
        and ($9::float8 is null or k.distance_km >= $9::float8)
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.start_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.start_time desc
      fetch first ($6::int + 1) rows with ties
    )
  ) t
  order by start_time desc, imei desc
  limit $6::int + 1
), shown as materialized (
  select * from page order by start_time desc, imei desc limit $6::int
), driven as materialized (
  -- Who had these vehicles from when to when, in one pass: with fn_driver_at for each trip a page of 1,000 takes a third longer.
  select a.imei, a.driver_name, a.valid_from, lead(a.valid_from, 1, 'infinity') over (partition by a.imei order by a.valid_from) as next_from
  from tracksolid.driver_assignments a
  where a.imei in (select imei from shown)
), trip as (
  select t.*, d.driver_name, reporting.fn_place_word(t.imei, to_char(t.start_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) as id,
    v.name, v.plate, v.account, l.geometry as track
  from shown t
  join vehicle v using (imei)
  left join driven d on d.imei = t.imei and d.valid_from <= t.start_time and d.next_from > t.start_time
  left join lateral (
    select json_build_object('type', 'MultiLineString', 'coordinates', json_agg(line order by segment)) as geometry
    from (
      select segment, json_agg(json_build_array(lng, lat) order by gps_time) as line
      from reporting.fn_vehicle_track(t.imei, t.start_time, t.end_time + interval '1 microsecond', $8::float8)
      group by segment
      having count(*) > 1
    ) s
    having count(*) > 0
  ) l on $8::float8 is not null
), told as (
  -- As a row: built key by key, JSON takes half as long again.
  select t.*, f as facts
  from trip t
  cross join lateral (
    select t.id, t.imei, t.name, t.plate, t.driver_name as driver, t.account, reporting.fn_iso(t.start_time) as "startAt",
      reporting.fn_iso(t.end_time) as "endAt", extract(epoch from t.end_time - t.start_time)::integer as "durationS",
      t.distance_km as "distanceKm", t.driving_time_s as "drivingTimeS", t.idle_time_s as "idleTimeS", t.avg_speed_kmh as "avgSpeedKmh",
      t.max_speed_kmh as "maxSpeedKmh", t.start_lat as "startLat", t.start_lng as "startLng", t.start_address as "startAddress",
      t.end_lat as "endLat", t.end_lng as "endLng", t.end_address as "endAddress", t.fuel_l as "fuelL", t.source
  ) f
), next as (
  select case when (select count(*) from page) > $6::int then (
    select id from trip order by start_time, imei limit 1
  ) end as id
)
select case $7
  when 'json' then json_build_object(
    'trips', coalesce((select json_agg(facts order by start_time desc, imei desc) from told), '[]'), 'next', (select id from next))
  when 'geojson' then json_build_object(
    'type', 'FeatureCollection',
    'features', coalesce((
      select json_agg(json_build_object(
        'type', 'Feature', 'id', id,
        'geometry', coalesce(track, case when start_lat is not null and end_lat is not null then json_build_object(
          'type', 'LineString', 'coordinates', json_build_array(json_build_array(start_lng, start_lat), json_build_array(end_lng, end_lat))
        ) end),
        'properties', facts
      ) order by start_time desc, imei desc)
      from told
    ), '[]'),
    'next', (select id from next))
  when 'trip' then (
    select json_build_object('trip', facts, 'track', track,
      'filled', array_to_json(array_remove(array[
        case when filled & 1 > 0 then 'start' end, case when filled & 2 > 0 then 'end' end,
        case when filled & 4 > 0 then 'maxSpeedKmh' end, case when filled & 8 > 0 then 'idleTimeS' end
      ], null)),
      'receivedAt', reporting.fn_iso(received_at))
    from told
    where start_time = $1::text::timestamptz
  )
end::text as body
