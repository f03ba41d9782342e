-- Stores fixes from `tracksolid.fixes`, each (imei, gps_time) once: a line a fix, its columns in the order of the
-- insert with tabs between, "" for null. A row that is there already changes only when it gains an origin or a
-- value: the better witness (track_list > push > poll, the order of the bits in `sources`) overwrites, the others
-- fill nulls. What the best witness leaves out is the first other's word.
-- Measured in workerd as a share of bare COPY at 1,000 and 5,000 rows: lines 0.59 and 0.55, unnest of array literals
-- 0.58 and 0.58, json_to_recordset 0.55 and 0.47 (npm run bench).
with written as (
  insert into tracksolid.position_history as h (
    imei, gps_time, lat, lng, speed_kmh, heading_deg, altitude_m, satellites, pos_type, confidence,
    ignition, odometer_km, retransmitted, clock_ahead, source, sources, received_at
  )
  select
    nullif(cell[1], '')::text, nullif(cell[2], '')::timestamptz, nullif(cell[3], '')::float8, nullif(cell[4], '')::float8,
    nullif(cell[5], '')::float4, nullif(cell[6], '')::int2, nullif(cell[7], '')::float4, nullif(cell[8], '')::int2,
    nullif(cell[9], '')::text, nullif(cell[10], '')::int2, nullif(cell[11], '')::boolean, nullif(cell[12], '')::float8,
    nullif(cell[13], '')::boolean, nullif(cell[14], '')::boolean, nullif(cell[15], '')::text, nullif(cell[16], '')::int2,
    nullif(cell[17], '')::timestamptz
  from (
    select string_to_array(line, chr(9)) as cell
    from string_to_table(current_setting('tracksolid.fixes'), chr(10)) as line
    offset 0
  ) fix
  -- The last known fix of a vehicle that stands still or is silent comes back with every poll. Where it brings
  -- nothing it is left out before the insert, which would lock its row and, where TimescaleDB has compressed it,
  -- unpack its chunk. The live position tells cheaply which fixes are worth a look into the history.
  where not (
    exists (select from tracksolid.live_positions l where l.imei = cell[1] and l.fix_at = cell[2]::timestamptz)
    and exists (
      select from tracksolid.position_history k
      where k.imei = cell[1] and k.gps_time = cell[2]::timestamptz
        and k.sources | cell[16]::int2 = k.sources
        and not (k.clock_ahead and not cell[14]::boolean)
        and (k.speed_kmh is not null or cell[5] = '')
        and (k.heading_deg is not null or cell[6] = '')
        and (k.altitude_m is not null or cell[7] = '')
        and (k.satellites is not null or cell[8] = '')
        and (k.pos_type is not null or cell[9] = '')
        and (k.confidence is not null or cell[10] = '')
        and (k.ignition is not null or cell[11] = '')
        and (k.odometer_km is not null or cell[12] = '')
        and (k.retransmitted is not null or cell[13] = '')
    )
  )
  -- In key order, so that two writers with the same vehicles wait for each other instead of deadlocking.
  order by 1, 2
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
  returning h.imei, h.gps_time, (xmax = 0) as inserted
)
-- Counts come from the statement itself, and so does which fixes it wrote, unless it was all `tracksolid.fix_count`.
select
  inserted, updated,
  case when inserted + updated < current_setting('tracksolid.fix_count', true)::int then (
    select coalesce(string_agg(imei || ' ' || (extract(epoch from gps_time) * 1000)::bigint, ','), '') from written
  ) end as keys
from (
  select (count(*) filter (where inserted))::int as inserted, (count(*) filter (where not inserted))::int as updated
  from written
) counted
