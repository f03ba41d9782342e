-- Stores trips from the list `tracksolid.trips`. One vehicle's trips never overlap: the later report takes the place
-- of those it overlaps, an earlier one that comes late is left out. The same report again changes nothing; in a
-- replay its new reading takes the place of the old one. Says which it wrote, and what time that concerns with those it
-- replaced. Only who has the vehicle's turn gets
-- here, so nobody else's trip is unseen.
with sent as materialized (
  select * from rows from (json_to_recordset(current_setting('tracksolid.trips')::json) as (
    "key" text, "imei" text, "at" timestamptz, "endAt" timestamptz, "distanceKm" double precision,
    "drivingTimeS" integer, "idleTimeS" integer, "avgSpeedKmh" real, "maxSpeedKmh" real,
    "startLat" double precision, "startLng" double precision, "endLat" double precision, "endLng" double precision,
    "fuelL" real, "source" text, "raw" text, "receivedAt" timestamptz
  )) with ordinality as sent
), standing as materialized (
  -- Against what is there: at the same time of receipt what is there stays, or two parts of one body would take each
  -- other's place for ever.
  select s.* from sent s
  where not exists (
    select from tracksolid.trips k
    where k.imei = s."imei" and k.start_time <> s."at" and k.end_time > s."at"
      -- No trip is longer than a month, which keeps the search short.
      and k.start_time < s."endAt" and k.start_time > s."at" - interval '32 days'
      and k.received_at >= s."receivedAt"
  )
  and not exists (
    select from tracksolid.trips k
    where k.imei = s."imei" and k.start_time = s."at" and k.received_at > s."receivedAt"
  )
), trip as materialized (
  -- And against each other.
  select s.* from standing s
  where not exists (
    select from standing l
    where l."imei" = s."imei" and (l."receivedAt", l.ordinality) > (s."receivedAt", s.ordinality)
      and (l."at" = s."at" or l."at" < s."endAt" and l."endAt" > s."at")
  )
), replaced as (
  delete from tracksolid.trips k using trip t
  where k.imei = t."imei" and k.start_time <> t."at" and k.end_time > t."at"
    and k.start_time < t."endAt" and k.start_time > t."at" - interval '32 days'
  returning k.imei, k.start_time, k.end_time
), written as (
  insert into tracksolid.trips as k (
    imei, start_time, end_time, distance_km, driving_time_s, idle_time_s, avg_speed_kmh, max_speed_kmh,
    start_lat, start_lng, end_lat, end_lng, fuel_l, filled, source, raw, received_at
  )
  select
    t."imei", t."at", t."endAt", coalesce(t."distanceKm", kept.distance_km),
    coalesce(t."drivingTimeS", kept.driving_time_s), coalesce(t."idleTimeS", kept.idle_time_s),
    coalesce(t."avgSpeedKmh", kept.avg_speed_kmh), coalesce(t."maxSpeedKmh", kept.max_speed_kmh),
    coalesce(t."startLat", kept.start_lat), coalesce(t."startLng", kept.start_lng),
    coalesce(t."endLat", kept.end_lat), coalesce(t."endLng", kept.end_lng), coalesce(t."fuelL", kept.fuel_l),
    coalesce(kept.filled, 0) & (
      case when t."startLat" is null then 1 else 0 end | case when t."endLat" is null then 2 else 0 end
      | case when t."maxSpeedKmh" is null then 4 else 0 end | case when t."idleTimeS" is null then 8 else 0 end
    ),
    t."source", t."raw"::json, t."receivedAt"
  from trip t
  -- What this report leaves out of the same trip another may have told, or have been found in the track.
  left join tracksolid.trips kept
    on kept.imei = t."imei" and kept.start_time = t."at" and kept.end_time = t."endAt"
  order by t."imei", t."at"
  on conflict (imei, start_time) do update set
    end_time = excluded.end_time, distance_km = excluded.distance_km, driving_time_s = excluded.driving_time_s,
    idle_time_s = excluded.idle_time_s, avg_speed_kmh = excluded.avg_speed_kmh,
    max_speed_kmh = excluded.max_speed_kmh, start_lat = excluded.start_lat, start_lng = excluded.start_lng,
    end_lat = excluded.end_lat, end_lng = excluded.end_lng, fuel_l = excluded.fuel_l, filled = excluded.filled,
    source = excluded.source, raw = excluded.raw, received_at = excluded.received_at
  where (
    k.end_time, k.distance_km, k.driving_time_s, k.idle_time_s, k.avg_speed_kmh, k.max_speed_kmh, k.start_lat,
    k.start_lng, k.end_lat, k.end_lng, k.fuel_l, k.filled, k.source
  ) is distinct from (
    excluded.end_time, excluded.distance_km, excluded.driving_time_s, excluded.idle_time_s,
    excluded.avg_speed_kmh, excluded.max_speed_kmh, excluded.start_lat, excluded.start_lng, excluded.end_lat,
    excluded.end_lng, excluded.fuel_l, excluded.filled, excluded.source
  )
  returning imei, start_time
)
select
  "key", least(trip."at", min(r.start_time)) as changed_from,
  greatest(trip."endAt", max(r.end_time), max(old.end_time)) as changed_to
from trip
left join written w on w.imei = trip."imei" and w.start_time = trip."at"
left join tracksolid.trips old on old.imei = trip."imei" and old.start_time = trip."at"
left join replaced r on r.imei = trip."imei" and r.start_time < trip."endAt" and r.end_time > trip."at"
-- The same report again, where somebody else has put another beside it, takes that away.
where w.imei is not null or r.imei is not null
group by "key", trip."at", trip."endAt"
