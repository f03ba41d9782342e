-- Stores stays from the list `tracksolid.parkingEvents`. Reports of one vehicle and kind that touch or overlap are one
-- stay: asked for in two windows it comes in two pieces, and one that lasts grows. An open one reaches as far as its
-- newest report, and gives way to a later report with the same start. Says which it wrote. Only who has the
-- vehicle's turn gets here, so nobody else's stay is unseen.
with sent as materialized (
  select sent.*, coalesce("endAt", greatest("at", "receivedAt")) as until
  from rows from (json_to_recordset(current_setting('tracksolid.parkingEvents')::json) as (
    "key" text, "imei" text, "at" timestamptz, "endAt" timestamptz, "acc" text, "durationS" integer,
    "lat" double precision, "lng" double precision, "address" text, "source" text, "raw" text,
    "receivedAt" timestamptz
  )) with ordinality as sent
), stored as materialized (
  select k.* from tracksolid.parking_events k
  where exists (
    select from sent s
    where s."imei" = k.imei and s."acc" = k.acc and (
      k.start_time = s."at"
      -- A stay that is told whole has its start; pieces of one longer than a month are not put together.
      or k.start_time > s."at" - interval '32 days' and k.start_time <= s.until and k.reported_until >= s."at"
    )
  )
), piece as (
  select
    null as key, 0 as number, imei, acc, start_time, end_time, reported_until, duration_s, lat, lng, address, source,
    raw::text as raw, received_at
  from stored k
  where k.end_time is not null or not exists (
    select from sent s
    where s."imei" = k.imei and s."acc" = k.acc and s."at" = k.start_time and s."receivedAt" >= k.received_at
  )
  union all
  select
    "key", ordinality, "imei", "acc", "at", "endAt", until, "durationS", "lat", "lng", "address", "source", "raw",
    "receivedAt"
  from sent
), opened as (
  select *, start_time > max(reported_until) over (
    partition by imei, acc order by start_time, reported_until, number
    rows between unbounded preceding and 1 preceding
  ) is not false as opens
  from piece
), placed as (
  select *, count(*) filter (where opens) over (
    partition by imei, acc order by start_time, reported_until, number
  ) as place
  from opened
), stay as materialized (
  select
    imei, acc, min(start_time) as start_time,
    case when (array_agg(end_time order by received_at desc, number desc))[1] is not null
      then max(end_time) end as end_time,
    max(reported_until) as reported_until,
    -- As the vendor counts it, unless it was put together here.
    case when count(distinct (start_time, reported_until)) = 1
      then (array_agg(duration_s order by received_at desc, number desc))[1] end as duration_s,
    (array_agg(lat order by received_at desc, number desc) filter (where lat is not null))[1] as lat,
    (array_agg(lng order by received_at desc, number desc) filter (where lat is not null))[1] as lng,
    (array_agg(address order by received_at desc, number desc) filter (where address is not null))[1] as address,
    (array_agg(source order by received_at desc, number desc))[1] as source,
    (array_agg(raw order by received_at desc, number desc))[1] as raw,
    max(received_at) as received_at,
    (array_agg(key order by received_at desc, number desc) filter (where key is not null))[1] as key
  from placed
  group by imei, acc, place
), removed as (
  delete from tracksolid.parking_events k
  using stored s
  where k.imei = s.imei and k.acc = s.acc and k.start_time = s.start_time
    and not exists (
      select from stay t where t.imei = s.imei and t.acc = s.acc and t.start_time = s.start_time
    )
), written as (
  insert into tracksolid.parking_events as k (
    imei, start_time, acc, end_time, duration_s, lat, lng, address, source, raw, reported_until, received_at
  )
  select
    imei, start_time, acc, end_time,
    coalesce(duration_s, extract(epoch from coalesce(end_time, reported_until) - start_time)::integer),
    lat, lng, address, source, raw::json, coalesce(end_time, reported_until), received_at
  from stay
  where key is not null
  order by imei, start_time, acc
  on conflict (imei, start_time, acc) do update set
    end_time = excluded.end_time, duration_s = excluded.duration_s, lat = coalesce(excluded.lat, k.lat),
    lng = coalesce(excluded.lng, k.lng), address = coalesce(excluded.address, k.address),
    source = excluded.source, raw = excluded.raw, reported_until = excluded.reported_until,
    received_at = excluded.received_at
  where (k.end_time, k.duration_s, k.lat, k.lng, k.address, k.reported_until) is distinct from (
    excluded.end_time, excluded.duration_s, coalesce(excluded.lat, k.lat), coalesce(excluded.lng, k.lng),
    coalesce(excluded.address, k.address), excluded.reported_until
  )
  returning imei, start_time, acc
)
select stay.key from stay join written using (imei, start_time, acc)
