-- A page of what devices said of themselves in [$1, $2), newest first, as one JSON text: events and trouble codes. $3 vehicles (filter of
-- reporting.fn_chosen_vehicles), $4 drivers (JSON list, null: any). $5 the last of the page before (JSON: at, imei, type, hash; {} for
-- the first), $6 how many. $7 event, fault, or null for both. $8 kinds of events (JSON list, null: any).
-- Of few vehicles by the key, of many by the time: see trips/page.sql.
with vehicle as materialized (
  select * from reporting.fn_chosen_vehicles($3::text::json, $4::text::json, false)
), bound as materialized (
  select coalesce(a."at", $2::text::timestamptz) as at, coalesce(a."imei", '') as imei, coalesce(a."type", '') as type,
    coalesce(a."hash", '') as hash, (select count(*) from vehicle) <= 50 as is_few
  from json_to_record($5::text::json) as a ("at" timestamptz, "imei" text, "type" text, "hash" text)
), page as materialized (
  select * from (
    select t.* from vehicle v cross join lateral (
      select k.imei, k.event_time as at, 'event' as type, k.hash from tracksolid.device_events k
      where k.imei = v.imei and coalesce($7::text, 'event') = 'event'
        and k.event_time >= $1::text::timestamptz and k.event_time <= (select at from bound)
        and (k.event_time < (select at from bound) or (k.imei, 'event', k.hash) < (select imei, type, hash from bound))
        and ($8::text is null or k.kind in (select json_array_elements_text($8::text::json)))
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.event_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.event_time desc, k.hash desc
      limit $6::int + 1
    ) t
    where (select is_few from bound)
    union all
    select t.* from vehicle v cross join lateral (
      select k.imei, k.fault_time, 'fault', k.hash from tracksolid.fault_codes k
      where k.imei = v.imei and coalesce($7::text, 'fault') = 'fault' and $8::text is null
        and k.fault_time >= $1::text::timestamptz and k.fault_time <= (select at from bound)
        and (k.fault_time < (select at from bound) or (k.imei, 'fault', k.hash) < (select imei, type, hash from bound))
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.fault_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.fault_time desc, k.hash desc
      limit $6::int + 1
    ) t
    where (select is_few from bound)
    union all (
      select k.imei, k.event_time, 'event', k.hash from tracksolid.device_events k
      where (select not is_few from bound) and (k.imei in (select imei from vehicle)) is true and coalesce($7::text, 'event') = 'event'
        and k.event_time >= $1::text::timestamptz and k.event_time <= (select at from bound)
        and (k.event_time < (select at from bound) or (k.imei, 'event', k.hash) < (select imei, type, hash from bound))
        and ($8::text is null or k.kind in (select json_array_elements_text($8::text::json)))
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.event_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.event_time desc
      fetch first ($6::int + 1) rows with ties
    )
    union all (
      select k.imei, k.fault_time, 'fault', k.hash from tracksolid.fault_codes k
      where (select not is_few from bound) and (k.imei in (select imei from vehicle)) is true
        and coalesce($7::text, 'fault') = 'fault' and $8::text is null
        and k.fault_time >= $1::text::timestamptz and k.fault_time <= (select at from bound)
        and (k.fault_time < (select at from bound) or (k.imei, 'fault', k.hash) < (select imei, type, hash from bound))
        and ($4::text is null or exists (
          select from reporting.fn_driver_at(k.imei, k.fault_time) where driver_name in (select json_array_elements_text($4::text::json))
        ))
      order by k.fault_time desc
      fetch first ($6::int + 1) rows with ties
    )
  ) t
  order by at desc, imei desc, type desc, hash desc
  limit $6::int + 1
), shown as materialized (
  select row_number() over (order by at desc, imei desc, type desc, hash desc) as n, * from page order by n limit $6::int
), event as (
  select s.n, json_build_object(
    'type', s.type, 'at', reporting.fn_iso(s.at), 'undated', coalesce(e.undated, f.undated),
    'imei', s.imei, 'name', v.name, 'plate', v.plate, 'driver', d.driver_name, 'account', v.account,
    'kind', e.kind, 'eventType', e.event_type, 'channel', e.channel, 'files', e.file_names, 'instructionId', e.instruction_id,
    'outcome', e.outcome, 'card', e.card, 'mac', e.mac, 'content', e.content, 'lat', e.lat, 'lng', e.lng,
    'faultCode', f.fault_code, 'faultDetail', f.fault_detail
  ) as facts
  from shown s
  join vehicle v using (imei)
  left join tracksolid.device_events e on s.type = 'event' and e.imei = s.imei and e.event_time = s.at and e.hash = s.hash
  left join tracksolid.fault_codes f on s.type = 'fault' and f.imei = s.imei and f.fault_time = s.at and f.hash = s.hash
  left join lateral reporting.fn_driver_at(s.imei, s.at) d on true
)
select json_build_object(
  'events', coalesce((select json_agg(facts order by n) from event), '[]'),
  'next', case when (select count(*) from page) > $6::int then (
    select reporting.fn_place_word(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), imei, type, hash)
    from shown order by n desc limit 1
  ) end
)::text as body
