-- Stores stays from the list `tracksolid.parkingEvents`. Those of one vehicle and kind never overlap: the later report
-- takes the place of those it overlaps, an earlier one that comes late is left out. One that lasts reaches as far as
-- its report. The same report again changes nothing; in a replay its new reading takes the place of the old one. Says
-- which it wrote. Only who has the vehicle's turn gets here, so nobody else's stay is unseen.
with sent as materialized (
  select sent.*, coalesce("endAt", greatest("at", "receivedAt")) as until
  from rows from (json_to_recordset(current_setting('tracksolid.parkingEvents')::json) as (
    "key" text, "imei" text, "at" timestamptz, "endAt" timestamptz, "acc" text, "durationS" integer,
    "lat" double precision, "lng" double precision, "address" text, "source" text, "raw" text,
    "receivedAt" timestamptz
  )) with ordinality as sent
), standing as materialized (
  -- Against what is there: at the same time of receipt what is there stays, or two parts of one answer would take each
  -- other's place for ever.
  select s.* from sent s
  where not exists (
    select from tracksolid.parking_events k
    where k.imei = s."imei" and k.acc = s."acc" and k.start_time <> s."at" and k.reported_until > s."at"
      -- A vehicle may stand for a year; which keeps the search short all the same.
      and k.start_time < s.until and k.start_time > s."at" - interval '400 days'
      and k.received_at >= s."receivedAt"
  )
  and not exists (
    select from tracksolid.parking_events k
    where k.imei = s."imei" and k.acc = s."acc" and k.start_time = s."at" and k.received_at > s."receivedAt"
  )
), stay as materialized (
  -- And against each other.
  select s.* from standing s
  where not exists (
    select from standing l
    where l."imei" = s."imei" and l."acc" = s."acc"
      and (l."receivedAt", l.ordinality) > (s."receivedAt", s.ordinality)
      and (l."at" = s."at" or l."at" < s.until and l.until > s."at")
  )
), replaced as (
  delete from tracksolid.parking_events k using stay s
  where k.imei = s."imei" and k.acc = s."acc" and k.start_time <> s."at" and k.reported_until > s."at"
    and k.start_time < s.until and k.start_time > s."at" - interval '400 days'
    -- One that is told anew beside it is changed, not taken away. (A list that is hashed: as a join it took 5 s of 2,000
    -- stays that take the place of others, for their number is always underestimated.)
    and (k.imei, k.acc, k.start_time) not in (select "imei", "acc", "at" from stay)
  returning k.imei, k.start_time
), noted as (
  -- They may have begun on other days than what takes their place.
  insert into private.changed_elsewhere (imei, from_time, to_time)
  select imei, start_time, start_time from replaced
), written as (
  insert into tracksolid.parking_events as k (
    imei, start_time, acc, end_time, duration_s, lat, lng, address, source, raw, reported_until, received_at
  )
  select
    "imei", "at", "acc", "endAt", coalesce("durationS", extract(epoch from until - "at")::integer), "lat", "lng",
    "address", "source", "raw"::json, until, "receivedAt"
  from stay
  order by "imei", "at", "acc"
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
select "key" from stay
join written w on w.imei = stay."imei" and w.start_time = stay."at" and w.acc = stay."acc"
