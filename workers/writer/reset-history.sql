-- In a replay, before history.sql: sets the fixes of `tracksolid.fixes` to what is read of them today, where the row
-- came with the same message. A row that came with a later message, because this one was delivered late, is set too
-- if that message is still to be played: all are until `tracksolid.replay_until`. Where only some kinds are played
-- (`-infinity`) a row that other witnesses spoke of stays, since nobody would repeat what they said.
-- An insert that always conflicts, not an update: it takes the rows in key order, like history.sql, and where
-- TimescaleDB has compressed them it unpacks their segments alone.
with fix as (
  select
    nullif(cell[1], '')::text as imei, nullif(cell[2], '')::timestamptz as gps_time, nullif(cell[3], '')::float8 as lat,
    nullif(cell[4], '')::float8 as lng, nullif(cell[5], '')::float4 as speed_kmh, nullif(cell[6], '')::int2 as heading_deg,
    nullif(cell[7], '')::float4 as altitude_m, nullif(cell[8], '')::int2 as satellites, nullif(cell[9], '')::text as pos_type,
    nullif(cell[10], '')::int2 as confidence, nullif(cell[11], '')::boolean as ignition,
    nullif(cell[12], '')::float8 as odometer_km, nullif(cell[13], '')::boolean as retransmitted,
    nullif(cell[14], '')::boolean as clock_ahead, nullif(cell[15], '')::text as source, nullif(cell[16], '')::int2 as sources,
    nullif(cell[17], '')::timestamptz as received_at
  from (
    select string_to_array(line, chr(9)) as cell
    from string_to_table(current_setting('tracksolid.fixes'), chr(10)) as line
    offset 0
  ) lines
), stale as (
  select fix.*, k.odometer_km as odometer_km_was
  from fix
  join tracksolid.position_history k on k.imei = fix.imei and k.gps_time = fix.gps_time
  where k.received_at between fix.received_at
      and greatest(fix.received_at, current_setting('tracksolid.replay_until')::timestamptz)
    and (current_setting('tracksolid.replay_until') <> '-infinity' or k.sources | fix.sources = fix.sources)
    and (
      k.lat, k.lng, k.speed_kmh, k.heading_deg, k.altitude_m, k.satellites, k.pos_type, k.confidence, k.ignition,
      k.odometer_km, k.retransmitted, k.clock_ahead, k.source, k.sources, k.received_at
    ) is distinct from (
      fix.lat, fix.lng, fix.speed_kmh, fix.heading_deg, fix.altitude_m, fix.satellites, fix.pos_type, fix.confidence,
      fix.ignition, fix.odometer_km, fix.retransmitted, fix.clock_ahead, fix.source, fix.sources, fix.received_at
    )
), reset as (
  insert into tracksolid.position_history (
    imei, gps_time, lat, lng, speed_kmh, heading_deg, altitude_m, satellites, pos_type, confidence,
    ignition, odometer_km, retransmitted, clock_ahead, source, sources, received_at
  )
  select
    imei, gps_time, lat, lng, speed_kmh, heading_deg, altitude_m, satellites, pos_type, confidence,
    ignition, odometer_km, retransmitted, clock_ahead, source, sources, received_at
  from stale
  order by imei, gps_time
  on conflict (imei, gps_time) do update set
    (
      lat, lng, speed_kmh, heading_deg, altitude_m, satellites, pos_type, confidence, ignition, odometer_km,
      retransmitted, clock_ahead, source, sources, received_at
    ) = (
      excluded.lat, excluded.lng, excluded.speed_kmh, excluded.heading_deg, excluded.altitude_m, excluded.satellites,
      excluded.pos_type, excluded.confidence, excluded.ignition, excluded.odometer_km, excluded.retransmitted,
      excluded.clock_ahead, excluded.source, excluded.sources, excluded.received_at
    )
  returning true
)
-- A live position keeps the odometer of an earlier fix while newer ones tell none: reset-live.sql mends it there.
select
  (select count(*)::int from reset) as reset,
  set_config('tracksolid.mended_odometers', (
    select coalesce(json_agg(mended), '[]')::text
    from (
      select distinct on (l.imei) l.imei, stale.odometer_km as "odometerKm"
      from stale
      join tracksolid.live_positions l
        on l.imei = stale.imei and l.fix_at > stale.gps_time and l.odometer_km = stale.odometer_km_was
      where stale.odometer_km <> stale.odometer_km_was
      order by l.imei, stale.gps_time desc
    ) mended
  ), true)
