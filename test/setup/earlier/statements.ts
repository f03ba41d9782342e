/**
 * What the system before this one says to the database, by the table it writes: `insert … on conflict`, with the parameters that
 * system.sql allows. It goes on saying so after the database is adopted.
 */
export const OLD_STATEMENTS = {
  devices: `
    insert into tracksolid.devices (imei, device_name, mc_type, account, vehicle_number, driver_name, enabled_flag)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (imei) do update set
      device_name = excluded.device_name, mc_type = excluded.mc_type, account = excluded.account,
      vehicle_number = coalesce(excluded.vehicle_number, devices.vehicle_number),
      driver_name = coalesce(excluded.driver_name, devices.driver_name), enabled_flag = excluded.enabled_flag, updated_at = now()`,
  live_positions: `
    insert into tracksolid.live_positions (imei, lat, lng, speed, direction, gps_time, hb_time, acc_status, pos_type)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (imei) do update set
      lat = excluded.lat, lng = excluded.lng, speed = excluded.speed, direction = excluded.direction, gps_time = excluded.gps_time,
      hb_time = excluded.hb_time, acc_status = excluded.acc_status, pos_type = excluded.pos_type, updated_at = now()`,
  position_history: `
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed, direction, acc_status, source)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (imei, gps_time) do nothing`,
  trips: `
    insert into tracksolid.trips
      (imei, start_time, end_time, distance_km, driving_time_s, avg_speed_kmh, max_speed_kmh, start_lat, start_lng, end_lat, end_lng)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (imei, start_time) do update set
      end_time = excluded.end_time, distance_km = excluded.distance_km, driving_time_s = excluded.driving_time_s`,
  parking_events: `
    insert into tracksolid.parking_events (imei, start_time, end_time, duration_seconds, lat, lng, address)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (imei, start_time) do update set end_time = excluded.end_time, duration_seconds = excluded.duration_seconds`,
  alarms: `
    insert into tracksolid.alarms (imei, alarm_type, alarm_name, alarm_time, lat, lng, speed)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (imei, alarm_type, alarm_time, alarm_id) do nothing`,
  obd_readings: `
    insert into tracksolid.obd_readings (imei, obd_time, rpm, speed, raw_payload) values ($1, $2, $3, $4, $5)`,
  device_events: `
    insert into tracksolid.device_events (imei, event_time, event_type, payload) values ($1, $2, $3, $4)`,
  ingestion_log: `
    insert into tracksolid.ingestion_log (endpoint, rows_inserted, rows_updated, duration_ms, success, error_message)
    values ($1, $2, $3, $4, $5, $6) returning id`,
  api_token_cache: `
    insert into tracksolid.api_token_cache (account, access_token, refresh_token, expires_at)
    values ($1, $2, $3, $4)
    on conflict (account) do update set
      access_token = excluded.access_token, refresh_token = excluded.refresh_token, expires_at = excluded.expires_at, updated_at = now()`,
};
