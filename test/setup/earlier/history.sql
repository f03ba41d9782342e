-- Thirty-one days of three vehicles, as the system before this one wrote them. Takes the last whole day, and how many seconds between fixes.
insert into tracksolid.devices (imei, device_name, mc_type, account, vehicle_number, vehicle_type, enabled_flag, depot)
values
  ('860000000000011', 'KDA 011A', 'JC400P', 'fireside', 'KDA 011A', 'van', 1, 'Industrial Area'),
  ('860000000000012', 'KDA 012A', 'X3', 'Fireside@HQ', 'KDA 012A', 'cc', 1, null),
  ('860000000000013', null, 'AT4', 'Fireside_MSA', null, null, 0, null);

insert into tracksolid.position_history (imei, gps_time, lat, lng, speed, direction, acc_status, source)
select imei, t, -1.28 + 0.05 * sin(extract(epoch from t) / 3600), 36.82 + 0.05 * cos(extract(epoch from t) / 3600),
  case when extract(hour from t) between 5 and 15 then 42.5 else 0 end, 90,
  case when extract(hour from t) between 5 and 15 then 1 else 0 end,
  case when extract(epoch from t)::bigint / current_setting('old.every_s')::int % 2 = 0 then 'poll' else 'track_list' end
from tracksolid.devices, generate_series(
  current_setting('old.until')::timestamptz - interval '31 days', current_setting('old.until')::timestamptz - interval '1 second',
  make_interval(secs => current_setting('old.every_s')::int)
) t;

insert into tracksolid.live_positions (imei, lat, lng, speed, direction, gps_time, hb_time, acc_status, pos_type)
select distinct on (imei) imei, lat, lng, speed, direction, gps_time, gps_time + interval '5 minutes', acc_status, 'GPS'
from tracksolid.position_history order by imei, gps_time desc;

insert into tracksolid.trips (imei, start_time, end_time, distance_km, driving_time_s, avg_speed_kmh, max_speed_kmh, start_lat, start_lng, end_lat, end_lng)
select imei, d + interval '5 hours' + n * interval '2 hours', d + interval '6 hours' + n * interval '2 hours', 42.123, 3500, 42.1, 61.5, -1.28, 36.82, -1.29, 36.83
from tracksolid.devices, generate_series(
  current_setting('old.until')::timestamptz - interval '31 days', current_setting('old.until')::timestamptz - interval '1 day', interval '1 day'
) d, generate_series(0, 4) n;

insert into tracksolid.parking_events (imei, start_time, end_time, duration_seconds, lat, lng, address)
select imei, end_time, end_time + interval '1 hour', 3600, end_lat, end_lng, 'Mombasa Road' from tracksolid.trips;

-- Polled twice, and stored twice: their key has a null.
insert into tracksolid.alarms (imei, alarm_type, alarm_name, alarm_time, lat, lng, speed)
select imei, case n when 0 then '1' else '48' end, 'As sent', start_time + interval '10 minutes', start_lat, start_lng, 30
from tracksolid.trips, generate_series(0, 1) n, generate_series(1, 2);

insert into tracksolid.obd_readings (imei, obd_time, rpm, speed, raw_payload)
select imei, start_time, 1900, 40, '{"rpm": 1900}' from tracksolid.trips;
insert into tracksolid.device_events (imei, event_time, event_type, payload)
select imei, start_time, 'login', '{}' from tracksolid.trips;
insert into tracksolid.ingestion_log (endpoint, run_at, rows_inserted, duration_ms)
select 'live', start_time, 3, 200 from tracksolid.trips;
insert into tracksolid.api_token_cache values ('fireside', 'token-of-old', 'refresh-of-old', now() + interval '1 hour');
refresh materialized view reporting.v_trips;
