-- Three vehicles and a canary device around now(), with something of everything that an example of the catalogue asks for.
-- 1 works in Nairobi and is late every day; 2 of Mombasa is silent; 3 of Kampala stands in the depot with the engine on.
insert into tracksolid.vehicle_types (vehicle_type, fuel_l_per_100_km, service_interval_km, tank_l) values ('van', 10, 10000, 60);
insert into tracksolid.shifts (shift, weekday, starts_at, ends_at, grace)
select 'day', weekday, '00:00', '23:59:59', '0' from generate_series(1, 7) weekday;
insert into tracksolid.fuel_prices (valid_from, price_per_l, currency) values ('2026-01-01', 180, 'KES');

insert into tracksolid.devices (imei, account, device_name, plate, driver_name, city, segment, vehicle_type, shift, kind, expires_at,
  facts_at, created_at, changed_at)
values
  ('861000000000001', 'fireside', 'KDA 123A Wanjiku', 'KDA 123A', 'Wanjiku Kamau', 'Nairobi', 'field', 'van', 'day', 'vehicle', now() + interval '10 days', now(), now(), now()),
  ('861000000000002', 'fireside', 'Pickup 2', 'KDB 456B', 'Otieno Ouma', 'Mombasa', 'field', 'pickup', null, 'vehicle', null, now(), now(), now()),
  ('861000000000003', 'lakeside', 'Van 3', 'UBA 789C', 'Achieng Nabwire', 'Kampala', 'depot', 'van', 'day', 'vehicle', null, now(), now(), now()),
  ('861000000000009', 'fireside', 'KDA 999Z canary', 'KDA 999Z', 'Nobody', 'Nairobi', null, null, null, 'canary', null, now(), now(), now());
insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
select imei, now() - interval '20 days', driver_name, 'device_detail' from tracksolid.devices where driver_name is not null;
insert into tracksolid.account_changes (imei, changed_at, from_account, to_account)
values ('861000000000003', now() - interval '5 days', 'fireside', 'lakeside');
insert into tracksolid.services (imei, serviced_on, odometer_km) values ('861000000000001', '2026-01-02', 1000);

insert into tracksolid.live_positions (imei, fix_at, fix_received_at, lat, lng, speed_kmh, pos_type, odometer_km, contact_at,
  contact_received_at, online, ignition, battery_percent, changed_at)
values
  ('861000000000001', now() - interval '10 s', now(), -1.28, 36.81, 40, 'GPS', 20000, now() - interval '5 s', now(), true, true, 15, now()),
  ('861000000000002', now() - interval '3 days', now(), -4.05, 39.66, 0, 'GPS', 5000, now() - interval '3 days', now(), false, false, 90, now()),
  ('861000000000003', now() - interval '30 s', now(), 0.31, 32.58, 0, 'GPS', 7000, now() - interval '5 s', now(), true, true, 90, now()),
  ('861000000000009', now(), now(), -1.28, 36.81, 0, 'GPS', null, now(), now(), true, false, 90, now());
-- Far from where its ticket is, on its way to and fro.
insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, odometer_km, pos_type, source, sources, received_at)
select '861000000000001', now() - n * interval '5 minutes', -1.28 + 0.02 * sin(n), 36.81, 40, true, 20000 - n, 'GPS', 'poll', 1, now()
from generate_series(1, 1200) n;
insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, odometer_km, pos_type, source, sources, received_at)
select '861000000000003', now() - n * interval '5 minutes', 0.31, 32.58, 0, true, 7000, 'GPS', 'poll', 1, now() from generate_series(0, 12) n;

-- Ten days of the fleet's zone up to today, of 1; an old one of 2.
create temporary table days as
select (now() at time zone zone)::date - n as day, (((now() at time zone zone)::date - n)::timestamp at time zone zone) as midnight
from tracksolid.fleet, generate_series(0, 9) n;
insert into reporting.vehicle_day (imei, day, moving_s, idling_s, parked_s, unknown_s, distance_km, distance_source, odometer_km,
  odometer_breaks, gps_km, trips, fixes, max_speed_kmh, first_moving_at, last_moving_at, known_to, alarms, speeding_events, harsh_events)
select '861000000000001', day, 14400, 3600, 68400, 0, 120, 'odometer', 120, 0, 118, 3, 900, 80, midnight + interval '6 hours',
  midnight + interval '15 hours', midnight + interval '1 day', 5, 2, 3 from days
union all
select '861000000000002', min(day) - 20, 3600, 0, 82800, 0, 30, 'gps', null, 0, 30, 1, 100, 60, min(midnight), min(midnight), min(midnight),
  0, 0, 0 from days;
insert into reporting.driver_day (imei, day, driver_name, moving_s, idling_s, parked_s, distance_km, trips, first_moving_at,
  last_moving_at, alarms, speeding_events, harsh_events)
select '861000000000001', day, 'Wanjiku Kamau', 14400, 3600, 68400, 120, 3, midnight + interval '6 hours', midnight + interval '15 hours',
  5, 2, 3 from days;
insert into reporting.alarm_day (imei, day, canonical_code, alarms)
select '861000000000001', day, code, 2 from days, unnest(array['word:overSpeed', 'jimi:41', 'vendor:new']) code;
insert into reporting.vehicle_hour (imei, hour, moving_s, idling_s, parked_s, gps_km, odometer_breaks, fixes, first_moving_at,
  last_moving_at)
select '861000000000001', hour, 1800, 600, 1200, 20, 0, 60, hour, hour + interval '50 minutes'
from (select date_trunc('hour', now()) - n * interval '1 hour' as hour from generate_series(1, 48) n
  union select midnight + interval '6 hours' from days) h;
insert into reporting.coverage_hours (imei, hour, have_s, recovered_s, missing_s)
select imei, hour, 1700, 60, 40 from reporting.vehicle_hour;
insert into tracksolid.coverage_gaps (imei, gap_from, gap_to, reason, found_at)
values ('861000000000001', now() - interval '5 hours', now() - interval '4 hours', 'moved', now());
insert into reporting.day_versions (imei, day, version) select imei, day, 7 from reporting.vehicle_day;
update reporting.newest_version set version = 7;

insert into tracksolid.trips (imei, start_time, end_time, distance_km, driving_time_s, max_speed_kmh, start_lat, start_lng, end_lat,
  end_lng, source, raw, received_at)
select '861000000000001', start_time, start_time + interval '30 minutes', 20, 1700, 70, -1.28, 36.81, -1.3, 36.8, 'poll', '{}', now()
from (select midnight + interval '12 hours' as start_time from days where midnight < now() - interval '24 hours'
  union all select now() - interval '2 hours') t;
insert into tracksolid.parking_events (imei, start_time, acc, end_time, duration_s, lat, lng, source, raw, reported_until, received_at)
values ('861000000000001', now() - interval '3 hours', 'on', now() - interval '2 hours', 3600, -1.28, 36.81, 'poll', '{}', now(), now());
insert into tracksolid.alarms (imei, canonical_code, alarm_time, code, alarm_type, alarm_name, speed_kmh, source, sources, raw, received_at)
values ('861000000000001', 'word:overSpeed', now() - interval '1 hour', 'word:overSpeed', 'overSpeed', 'Overspeed', 95, 'push', 2, '{}', now());
insert into tracksolid.obd_readings (imei, reading_time, hash, engine_rpm, coolant_c, undated, raw, received_at)
values ('861000000000001', now() - interval '1 hour', 'a', 2100, 88, false, '{}', now());
insert into tracksolid.temperature_readings (imei, reading_time, hash, temperature_c, undated, raw, received_at)
values ('861000000000001', now() - interval '1 hour', 'a', 4.5, false, '{}', now());
insert into tracksolid.fuel_readings (imei, reading_time, hash, value, unit, sensor, undated, raw, received_at)
values ('861000000000001', now() - interval '1 hour', 'a', 42, 'litres', 'main', false, '{}', now());
insert into tracksolid.fault_codes (imei, fault_time, hash, fault_code, undated, raw, received_at)
values ('861000000000001', now() - interval '1 day', 'a', 'P0301', false, '{}', now());
insert into reporting.fuel_events (imei, at, source, sensor, unit_code, kind, before_at, from_level, to_level, unexplained, standing,
  driven_km, lat, lng, confidence)
select '861000000000001', (now() - interval '2 days'), 'sensor', 'main', 'litres', 'drain', now() - interval '50 hours', 45, 20, 24,
  true, 1, -1.28, 36.81, 0.9;
insert into fuel.fills (imei, filled_at, litres, cost, currency, raw, told_at)
values ('861000000000001', now() - interval '4 days', 40, 7200, 'KES', '{}', now());

insert into tickets.incidents (number, state, area, lat, lng, opened_at, due_at, resolved_at, imei, driver_name, raw, told_at)
values
  ('INC1', 'closed', 'Westlands', -1.6, 36.81, now() - interval '3 days', now() - interval '1 day', now() - interval '2 days', '861000000000001', 'Wanjiku Kamau', '{}', now()),
  ('INC2', 'assigned', 'Westlands', -1.6, 36.81, now() - interval '2 days', now() - interval '1 hour', null, '861000000000001', 'Wanjiku Kamau', '{}', now());
insert into tracksolid.geofences (name, kind, geometry, radius_m)
values ('Depot', 'depot', '{"type": "Point", "coordinates": [32.58, 0.31]}', 500);
insert into tracksolid.geofence_visits (geofence_id, imei, entered_at, last_inside_at, fixes)
select geofence_id, '861000000000003', now() - interval '2 hours', now() - interval '30 s', 240 from tracksolid.geofences;

insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, error_code, error)
values ('a', 'live', now() - interval '1 minute', 800, true, null, null),
  ('b', 'tracks', now() - interval '1 hour', 900, false, 'vendor_unavailable', 'No answer');
insert into reporting.insight_days (day, version, told_at) select day, 7, now() from days;
insert into reporting.insights (id, day, kind, subject_type, subject, subject_name, imei, driver, severity, title, why, evidence, links,
  told_at, changed_at)
select day || '-idling-a', day, 'idling', 'vehicle', '861000000000001', 'KDA 123A', '861000000000001', 'Wanjiku Kamau', 'medium',
  'KDA 123A idled long', 'Twice the median', '{}', '[]', now(), now() from days;
insert into reporting.insight_remarks (remark_id, insight_id, verdict, note, applies_to, key_id, remarked_at)
select 'r1', id, 'wrong', 'Loading', 'this', 'key', now() from reporting.insights order by day limit 1;
insert into reporting.canary_runs values (date_trunc('minute', now()), 20, 900, 'version');
insert into reporting.road_tiles values (12, 2466, 2062, '\x0a04080112020202', current_date, 7);
drop table days;
analyze;
