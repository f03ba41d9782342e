-- A page of alarms that began in [$1, $2), newest first, as one JSON text. $3 vehicles (filter of reporting.fn_chosen_vehicles), $4 drivers
-- (JSON list, null: any). $5 the last of the page before (JSON: at, imei, code, fence; {} for the first), $6 how many. $7 form: json or
-- geojson. $8 codes, whichever of equal ones, $9 classes (JSON lists, null: any). $10 open, ended or null.
-- Of few vehicles by vehicle and time, of many by the time: see trips/page.sql.
with vehicle as materialized (
  select * from reporting.fn_chosen_vehicles($3::text::json, $4::text::json, $7 = 'geojson')
), bound as materialized (
  select coalesce(a."at", $2::text::timestamptz) as at, coalesce(a."imei", '') as imei, coalesce(a."code", '') as code,
    coalesce(a."fence", '') as fence, (select count(*) from vehicle) <= 50 as is_few
  from json_to_record($5::text::json) as a ("at" timestamptz, "imei" text, "code" text, "fence" text)
), wanted_code as materialized (
  select coalesce(c.canonical_code, w.value) as code
  from json_array_elements_text($8::text::json) as w left join tracksolid.alarm_codes c on c.code = w.value
), wanted_class as materialized (
  select c.code from tracksolid.alarm_codes c where c.class in (select json_array_elements_text($9::text::json))
), page as materialized (
  select * from (
    select t.* from vehicle v cross join lateral (
      select k.imei, k.alarm_time, k.canonical_code, k.fence_id from tracksolid.alarms k
      where k.imei = v.imei and k.alarm_time >= $1::text::timestamptz and k.alarm_time <= (select at from bound)
        and (k.alarm_time < (select at from bound)
          or (k.imei, k.canonical_code, k.fence_id) < (select imei, code, fence from bound))
        and ($8::text is null or k.canonical_code in (select code from wanted_code))
        and ($9::text is null or k.canonical_code in (select code from wanted_class))
        and ($10::text is null or (k.ended_at is null) = ($10::text = 'open'))
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.alarm_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.alarm_time desc, k.canonical_code desc, k.fence_id desc
      limit $6::int + 1
    ) t
    where (select is_few from bound)
    union all (
      select k.imei, k.alarm_time, k.canonical_code, k.fence_id from tracksolid.alarms k
      where (select not is_few from bound) and (k.imei in (select imei from vehicle)) is true
        and k.alarm_time >= $1::text::timestamptz and k.alarm_time <= (select at from bound)
        and (k.alarm_time < (select at from bound)
          or (k.imei, k.canonical_code, k.fence_id) < (select imei, code, fence from bound))
        and ($8::text is null or k.canonical_code in (select code from wanted_code))
        and ($9::text is null or k.canonical_code in (select code from wanted_class))
        and ($10::text is null or (k.ended_at is null) = ($10::text = 'open'))
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.alarm_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.alarm_time desc
      fetch first ($6::int + 1) rows with ties
    )
  ) t
  order by alarm_time desc, imei desc, canonical_code desc, fence_id desc
  limit $6::int + 1
), shown as materialized (
  select row_number() over (order by alarm_time desc, imei desc, canonical_code desc, fence_id desc) as n, *
  from page order by n limit $6::int
), alarm as (
  select s.n, k.lat, k.lng, json_build_object(
    'imei', s.imei, 'name', v.name, 'plate', v.plate, 'driver', d.driver_name, 'account', v.account,
    'code', s.canonical_code, 'class', c.class, 'harsh', c.harsh, 'alarmName', k.alarm_name, 'reportedCode', k.code,
    'fenceId', nullif(s.fence_id, ''),
    'alarmAt', reporting.fn_iso(s.alarm_time),
    'endedAt', reporting.fn_iso(k.ended_at),
    'lat', k.lat, 'lng', k.lng, 'speedKmh', k.speed_kmh, 'level', k.level, 'value', k.alert_value, 'files', k.file_names,
    'source', k.source
  ) as facts
  from shown s
  join tracksolid.alarms k using (imei, canonical_code, fence_id, alarm_time)
  join vehicle v using (imei)
  left join tracksolid.alarm_codes c on c.code = s.canonical_code
  left join lateral reporting.fn_driver_at(s.imei, s.alarm_time) d on true
), next as (
  select case when (select count(*) from page) > $6::int then (
    select reporting.fn_place_word(
      to_char(alarm_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), imei, canonical_code, fence_id)
    from shown order by n desc limit 1
  ) end as word
)
select case $7
  when 'json' then json_build_object(
    'alarms', coalesce((select json_agg(facts order by n) from alarm), '[]'), 'next', (select word from next))
  when 'geojson' then json_build_object(
    'type', 'FeatureCollection',
    'features', coalesce((
      select json_agg(json_build_object(
        'type', 'Feature',
        'geometry', case when lat is not null and lng is not null then
          json_build_object('type', 'Point', 'coordinates', json_build_array(lng, lat)) end,
        'properties', facts
      ) order by n) from alarm
    ), '[]'),
    'next', (select word from next))
end::text as body
