-- A page of stays that began in [$1, $2), newest first, as one JSON text. $3 vehicles (filter of reporting.fn_chosen_vehicles), $4 drivers
-- (JSON list, null: any). $5 the last of the page before (JSON: at, imei, acc; {} for the first), $6 how many. $7 off or on, or null.
-- $8 least seconds, or null. Of few vehicles by the key, of many by the time: see trips/page.sql.
with vehicle as materialized (
  select * from reporting.fn_chosen_vehicles($3::text::json, $4::text::json, false)
), bound as materialized (
  select coalesce(a."at", $2::text::timestamptz) as at, coalesce(a."imei", '') as imei, coalesce(a."acc", '') as acc,
    (select count(*) from vehicle) <= 50 as is_few
  from json_to_record($5::text::json) as a ("at" timestamptz, "imei" text, "acc" text)
), page as materialized (
  select * from (
    select t.* from vehicle v cross join lateral (
      select k.imei, k.start_time, k.acc from tracksolid.parking_events k
      where k.imei = v.imei and k.start_time >= $1::text::timestamptz and k.start_time <= (select at from bound)
        and (k.start_time < (select at from bound) or (k.imei, k.acc) < (select imei, acc from bound))
        and ($7::text is null or k.acc = $7::text) and ($8::int is null or k.duration_s >= $8::int)
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.start_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.start_time desc, k.acc desc
      limit $6::int + 1
    ) t
    where (select is_few from bound)
    union all (
      select k.imei, k.start_time, k.acc from tracksolid.parking_events k
      where (select not is_few from bound) and (k.imei in (select imei from vehicle)) is true
        and k.start_time >= $1::text::timestamptz and k.start_time <= (select at from bound)
        and (k.start_time < (select at from bound) or (k.imei, k.acc) < (select imei, acc from bound))
        and ($7::text is null or k.acc = $7::text) and ($8::int is null or k.duration_s >= $8::int)
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.start_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.start_time desc
      fetch first ($6::int + 1) rows with ties
    )
  ) t
  order by start_time desc, imei desc, acc desc
  limit $6::int + 1
), shown as materialized (
  select row_number() over (order by start_time desc, imei desc, acc desc) as n, * from page order by n limit $6::int
), stay as (
  select s.n, json_build_object(
    'imei', s.imei, 'name', v.name, 'plate', v.plate, 'driver', d.driver_name, 'account', v.account, 'acc', s.acc,
    'startAt', reporting.fn_iso(s.start_time),
    'endAt', reporting.fn_iso(k.end_time), 'durationS', k.duration_s,
    'knownUntil', reporting.fn_iso(k.reported_until),
    'lat', k.lat, 'lng', k.lng, 'address', k.address
  ) as facts
  from shown s
  join tracksolid.parking_events k using (imei, start_time, acc)
  join vehicle v using (imei)
  left join lateral reporting.fn_driver_at(s.imei, s.start_time) d on true
)
select json_build_object(
  'stays', coalesce((select json_agg(facts order by n) from stay), '[]'),
  'next', case when (select count(*) from page) > $6::int then (
    select reporting.fn_place_word(to_char(start_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), imei, acc)
    from shown order by n desc limit 1
  ) end
)::text as body
