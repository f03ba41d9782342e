-- Stores fixes from a JSON list $1, each (imei, gpsTime) once. A row that is there already changes only when
-- it gains an origin or a value: the better witness (track_list > push > poll, the order of the bits in
-- `sources`) overwrites, the others fill nulls. What the best witness leaves out is the first other's word.
-- Alternatives measured at 1,000 rows of these columns are in `npm run bench`.
with written as (
  insert into tracksolid.position_history as h (
    imei, gps_time, lat, lng, speed_kmh, heading_deg, altitude_m, satellites, pos_type, confidence,
    ignition, odometer_km, retransmitted, clock_ahead, source, sources, received_at
  )
  select
    "imei", "gpsTime", "lat", "lng", "speedKmh", "headingDeg", "altitudeM", "satellites", "posType", "confidence",
    "ignition", "odometerKm", "retransmitted", "clockAhead", "source", "sources", "receivedAt"
  from json_to_recordset($1::text::json) as fix (
    "imei" text, "gpsTime" timestamptz, "lat" double precision, "lng" double precision, "speedKmh" real,
    "headingDeg" smallint, "altitudeM" real, "satellites" smallint, "posType" text, "confidence" smallint,
    "ignition" boolean, "odometerKm" double precision, "retransmitted" boolean, "clockAhead" boolean,
    "source" text, "sources" smallint, "receivedAt" timestamptz
  )
  -- In key order, so that two writers with the same vehicles wait for each other instead of deadlocking.
  order by "imei", "gpsTime"
  on conflict (imei, gps_time) do update set
    (lat, lng) = (select
      case when excluded.sources > h.sources then excluded.lat else h.lat end,
      case when excluded.sources > h.sources then excluded.lng else h.lng end),
    speed_kmh = case when excluded.sources > h.sources then coalesce(excluded.speed_kmh, h.speed_kmh) else coalesce(h.speed_kmh, excluded.speed_kmh) end,
    heading_deg = case when excluded.sources > h.sources then coalesce(excluded.heading_deg, h.heading_deg) else coalesce(h.heading_deg, excluded.heading_deg) end,
    altitude_m = case when excluded.sources > h.sources then coalesce(excluded.altitude_m, h.altitude_m) else coalesce(h.altitude_m, excluded.altitude_m) end,
    satellites = case when excluded.sources > h.sources then coalesce(excluded.satellites, h.satellites) else coalesce(h.satellites, excluded.satellites) end,
    pos_type = case when excluded.sources > h.sources then coalesce(excluded.pos_type, h.pos_type) else coalesce(h.pos_type, excluded.pos_type) end,
    confidence = case when excluded.sources > h.sources then coalesce(excluded.confidence, h.confidence) else coalesce(h.confidence, excluded.confidence) end,
    ignition = case when excluded.sources > h.sources then coalesce(excluded.ignition, h.ignition) else coalesce(h.ignition, excluded.ignition) end,
    odometer_km = case when excluded.sources > h.sources then coalesce(excluded.odometer_km, h.odometer_km) else coalesce(h.odometer_km, excluded.odometer_km) end,
    retransmitted = case when excluded.sources > h.sources then coalesce(excluded.retransmitted, h.retransmitted) else coalesce(h.retransmitted, excluded.retransmitted) end,
    -- Ahead of one receipt, but not of a later one: the clock was right after all.
    clock_ahead = h.clock_ahead and excluded.clock_ahead,
    sources = h.sources | excluded.sources
  where h.sources | excluded.sources <> h.sources
    or (h.clock_ahead and not excluded.clock_ahead)
    or (h.speed_kmh is null and excluded.speed_kmh is not null)
    or (h.heading_deg is null and excluded.heading_deg is not null)
    or (h.altitude_m is null and excluded.altitude_m is not null)
    or (h.satellites is null and excluded.satellites is not null)
    or (h.pos_type is null and excluded.pos_type is not null)
    or (h.confidence is null and excluded.confidence is not null)
    or (h.ignition is null and excluded.ignition is not null)
    or (h.odometer_km is null and excluded.odometer_km is not null)
    or (h.retransmitted is null and excluded.retransmitted is not null)
  returning (xmax = 0) as inserted
)
-- Kept for the log row of the same transaction: counts come from the statement itself.
select
  set_config('tracksolid.rows_inserted', (count(*) filter (where inserted))::text, true)::int as inserted,
  set_config('tracksolid.rows_updated', (count(*) filter (where not inserted))::text, true)::int as updated
from written
