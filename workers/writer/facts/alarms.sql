-- Stores alarms from the list `tracksolid.alarms`. Equal codes are one alarm, and so are a poll and a push of it: the
-- row keeps what came first, fills what that left out and notes every origin. Says which it wrote, by the first
-- of the list that the row is made of.
with sent as materialized (
  select coalesce(c.canonical_code, sent."code") as canonical_code, coalesce("alarmName", c.name) as name, sent.*
  from rows from (json_to_recordset(current_setting('tracksolid.alarms')::json) as (
    "key" text, "imei" text, "at" timestamptz, "code" text, "fenceId" text, "alarmType" text, "alarmName" text,
    "lat" double precision, "lng" double precision, "speedKmh" real, "msgClass" smallint, "level" smallint,
    "alertValue" text, "fileNames" text, "source" text, "sources" smallint, "raw" text, "receivedAt" timestamptz
  )) with ordinality as sent
  left join tracksolid.alarm_codes c on c.code = sent."code"
), one as materialized (
  select
    (array_agg("key" order by ordinality))[1] as key,
    "imei" as imei, canonical_code, "fenceId" as fence_id, "at" as alarm_time,
    (array_agg("code" order by ordinality))[1] as code,
    (array_agg("alarmType" order by ordinality))[1] as alarm_type,
    (array_agg(name order by ordinality) filter (where name is not null))[1] as alarm_name,
    (array_agg("lat" order by ordinality) filter (where "lat" is not null))[1] as lat,
    (array_agg("lng" order by ordinality) filter (where "lng" is not null))[1] as lng,
    (array_agg("speedKmh" order by ordinality) filter (where "speedKmh" is not null))[1] as speed_kmh,
    (array_agg("msgClass" order by ordinality) filter (where "msgClass" is not null))[1] as msg_class,
    (array_agg("level" order by ordinality) filter (where "level" is not null))[1] as level,
    (array_agg("alertValue" order by ordinality) filter (where "alertValue" is not null))[1] as alert_value,
    (array_agg("fileNames" order by ordinality) filter (where "fileNames" is not null))[1] as file_names,
    (array_agg("source" order by ordinality))[1] as source,
    bit_or("sources") as sources,
    (array_agg("raw" order by ordinality))[1]::json as raw,
    min("receivedAt") as received_at
  from sent
  group by "imei", canonical_code, "fenceId", "at"
), written as (
  insert into tracksolid.alarms as a (
    imei, canonical_code, fence_id, alarm_time, code, alarm_type, alarm_name, lat, lng, speed_kmh, msg_class, level,
    alert_value, file_names, source, sources, raw, received_at
  )
  select
    imei, canonical_code, fence_id, alarm_time, code, alarm_type, alarm_name, lat, lng, speed_kmh, msg_class, level,
    alert_value, file_names, source, sources, raw, received_at
  from one
  order by imei, canonical_code, fence_id, alarm_time
  on conflict (imei, canonical_code, fence_id, alarm_time) do update set
    sources = a.sources | excluded.sources,
    (alarm_name, lat, lng, speed_kmh, msg_class, level, alert_value, file_names) = (
      select
        coalesce(a.alarm_name, excluded.alarm_name), coalesce(a.lat, excluded.lat),
        coalesce(a.lng, excluded.lng), coalesce(a.speed_kmh, excluded.speed_kmh),
        coalesce(a.msg_class, excluded.msg_class), coalesce(a.level, excluded.level),
        coalesce(a.alert_value, excluded.alert_value), coalesce(a.file_names, excluded.file_names)
      where coalesce(current_setting('tracksolid.replay', true), '') <> 'on'
      union all
      -- A replay reads an item anew: what it says now goes before what was read then.
      select
        coalesce(excluded.alarm_name, a.alarm_name), coalesce(excluded.lat, a.lat),
        coalesce(excluded.lng, a.lng), coalesce(excluded.speed_kmh, a.speed_kmh),
        coalesce(excluded.msg_class, a.msg_class), coalesce(excluded.level, a.level),
        coalesce(excluded.alert_value, a.alert_value), coalesce(excluded.file_names, a.file_names)
      where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    )
  where a.sources | excluded.sources <> a.sources
    or (
      coalesce(a.alarm_name, excluded.alarm_name), coalesce(a.lat, excluded.lat),
      coalesce(a.lng, excluded.lng), coalesce(a.speed_kmh, excluded.speed_kmh),
      coalesce(a.msg_class, excluded.msg_class), coalesce(a.level, excluded.level),
      coalesce(a.alert_value, excluded.alert_value), coalesce(a.file_names, excluded.file_names)
    ) is distinct from (
      a.alarm_name, a.lat, a.lng, a.speed_kmh, a.msg_class, a.level, a.alert_value, a.file_names
    )
    or coalesce(current_setting('tracksolid.replay', true), '') = 'on' and (
      coalesce(excluded.alarm_name, a.alarm_name), coalesce(excluded.lat, a.lat),
      coalesce(excluded.lng, a.lng), coalesce(excluded.speed_kmh, a.speed_kmh),
      coalesce(excluded.msg_class, a.msg_class), coalesce(excluded.level, a.level),
      coalesce(excluded.alert_value, a.alert_value), coalesce(excluded.file_names, a.file_names)
    ) is distinct from (
      a.alarm_name, a.lat, a.lng, a.speed_kmh, a.msg_class, a.level, a.alert_value, a.file_names
    )
  returning imei, canonical_code, fence_id, alarm_time
)
select one.key from one join written using (imei, canonical_code, fence_id, alarm_time)
