import type { Entries } from "../entry.ts";

/** What arrived, as it arrived. For most questions the views of `reporting` are the better start. */
export const facts: Entries = {
  "tracksolid.position_history": {
    grain: "vehicle and fix",
    caveats: [
      "By far the largest table, tens of millions of rows: always one vehicle and a bounded `gps_time`. For the fleet read `reporting.vehicle_hour` or `reporting.vehicle_day`.",
      "Leave out `clock_ahead`, and `pos_type` other than GPS: what is added up does so, too.",
    ],
    questions: [
      {
        question: "Which fixes has one vehicle of the last 24 hours?",
        sql: `select gps_time, lat, lng, speed_kmh, ignition, odometer_km
from tracksolid.position_history
where imei = (select imei from reporting.v_vehicles where enabled order by imei limit 1)
  and gps_time >= now() - interval '24 hours' and gps_time < now()
  and not clock_ahead and (pos_type is null or pos_type = 'GPS')
order by gps_time`,
        columns: ["gps_time", "lat", "lng", "speed_kmh", "ignition", "odometer_km"],
      },
    ],
  },
  "tracksolid.live_positions": {
    grain: "device",
    caveats: [
      "No status in it, and canary devices: `reporting.fn_live_positions` has the one and not the others.",
    ],
    questions: [
      {
        question: "Which devices run on a low battery?",
        sql: `select l.imei, v.plate, l.battery_percent, l.external_voltage_v, l.contact_at
from tracksolid.live_positions l
join reporting.v_vehicles v on v.imei = l.imei
where l.battery_percent < 20 or l.external_voltage_v < 11.5
order by l.battery_percent`,
        columns: ["imei", "plate", "battery_percent", "external_voltage_v", "contact_at"],
      },
    ],
  },
  "tracksolid.devices": {
    grain: "device",
    caveats: [
      "Canary devices (`kind` canary) are in it: `reporting.v_vehicles` has vehicles alone, with what holds for their types.",
      "Personal: phones and names of drivers.",
    ],
    questions: [
      {
        question: "Which subscriptions end within 60 days?",
        sql: `select imei, plate, account, expires_at
from tracksolid.devices
where enabled and kind = 'vehicle' and expires_at < now() + interval '60 days'
order by expires_at`,
        columns: ["imei", "plate", "account", "expires_at"],
      },
    ],
  },
  "tracksolid.driver_assignments": {
    grain: "vehicle and change of driver; each is valid until the next",
    caveats: ["Up to a day later than the change itself. For a fact's driver use `reporting.fn_driver_at`."],
    questions: [
      {
        question: "Which vehicles changed drivers in the last 30 days?",
        sql: `select a.imei, v.plate, a.driver_name, a.valid_from
from tracksolid.driver_assignments a
join reporting.v_vehicles v on v.imei = a.imei
where a.valid_from >= now() - interval '30 days'
order by a.valid_from desc`,
        columns: ["imei", "plate", "driver_name", "valid_from"],
      },
    ],
  },
  "tracksolid.trips": {
    grain: "vehicle and trip",
    caveats: ["`reporting.v_trips` has the same with plate and driver."],
    questions: [
      {
        question: "How many trips came from which source in the last seven days?",
        sql: `select source, count(*) as trips, round(sum(distance_km)::numeric, 1) as distance_km
from tracksolid.trips
where start_time >= now() - interval '7 days' and imei in (select imei from reporting.v_vehicles)
group by source`,
        columns: ["source", "trips", "distance_km"],
      },
    ],
  },
  "tracksolid.parking_events": {
    grain: "vehicle and stay, parked or idling",
    caveats: [
      "The vendor's stays; idling times in `reporting` come from fixes and differ.",
      "`end_time` null: it stands there still, `duration_s` so far.",
    ],
    questions: [
      {
        question: "Where did vehicles idle longest in the last seven days?",
        sql: `select v.plate, p.start_time, p.duration_s, p.address, p.lat, p.lng
from tracksolid.parking_events p
join reporting.v_vehicles v on v.imei = p.imei
where p.start_time >= now() - interval '7 days' and p.acc = 'on'
order by p.duration_s desc
limit 20`,
        columns: ["plate", "start_time", "duration_s", "address", "lat", "lng"],
      },
    ],
  },
  "tracksolid.alarms": {
    grain: "vehicle, kind, fence and beginning",
    caveats: [
      "Count by `canonical_code`, as equal alarms have several codes; counts by day are in `reporting.alarm_day`.",
      "`ended_at` is null for most kinds: only some devices tell ends.",
    ],
    questions: [
      {
        question: "What warned in the last 24 hours, the newest first?",
        sql: `select a.alarm_time, v.plate, coalesce(c.name, a.alarm_name) as alarm, c.class, a.speed_kmh, a.lat, a.lng
from tracksolid.alarms a
join reporting.v_vehicles v on v.imei = a.imei
left join tracksolid.alarm_codes c on c.code = a.canonical_code
where a.alarm_time >= now() - interval '24 hours' and a.alarm_time < now()
order by a.alarm_time desc
limit 100`,
        columns: ["alarm_time", "plate", "alarm", "class", "speed_kmh", "lat", "lng"],
      },
    ],
  },
  "tracksolid.alarm_codes": {
    grain: "code",
    caveats: ["Codes of the same event share a `canonical_code`; a code that is not here stands for itself."],
    questions: [
      {
        question: "Which alarms count as harsh driving?",
        sql: "select distinct canonical_code, name, class from tracksolid.alarm_codes where harsh and code = canonical_code order by name",
        columns: ["canonical_code", "name", "class"],
      },
    ],
  },
  "tracksolid.obd_readings": {
    grain: "vehicle and reading",
    caveats: [
      "One vehicle and a bounded `reading_time`. `fuel_level` is percent or litres as the device sends it, `odometer` without a documented unit.",
    ],
    questions: [
      {
        question: "How hot did a vehicle's engine get in the last 24 hours?",
        sql: `select max(coolant_c) as max_coolant_c, max(engine_rpm) as max_engine_rpm, count(*) as readings
from tracksolid.obd_readings
where imei = (select imei from reporting.v_vehicles where enabled order by imei limit 1)
  and reading_time >= now() - interval '24 hours'`,
        columns: ["max_coolant_c", "max_engine_rpm", "readings"],
      },
    ],
  },
  "tracksolid.fuel_readings": {
    grain: "vehicle, sensor and reading",
    caveats: [
      "`value` is in `unit`, a code of `tracksolid.fuel_units`; steps of levels are in `reporting.v_fuel_events`.",
    ],
    questions: [
      {
        question: "Which fuel sensors told anything of one vehicle in the last three days?",
        sql: `select sensor, unit, count(*) as readings, max(reading_time) as newest_at
from tracksolid.fuel_readings
where imei = (select imei from reporting.v_vehicles where enabled order by imei limit 1)
  and reading_time >= now() - interval '3 days'
group by sensor, unit`,
        columns: ["sensor", "unit", "readings", "newest_at"],
      },
    ],
  },
  "tracksolid.temperature_readings": {
    grain: "vehicle, sensor and reading",
    caveats: ["One vehicle and a bounded `reading_time`."],
    questions: [
      {
        question: "How warm was a vehicle's load in the last 24 hours?",
        sql: `select sensor, min(temperature_c) as min_temperature_c, max(temperature_c) as max_temperature_c, count(*) as readings
from tracksolid.temperature_readings
where imei = (select imei from reporting.v_vehicles where enabled order by imei limit 1)
  and reading_time >= now() - interval '24 hours'
group by sensor`,
        columns: ["sensor", "min_temperature_c", "max_temperature_c", "readings"],
      },
    ],
  },
  "tracksolid.fault_codes": {
    grain: "vehicle, time and trouble code",
    caveats: ["A device repeats a code as long as it stands: count vehicles and codes, not rows."],
    questions: [
      {
        question: "Which trouble codes were told in the last 30 days?",
        sql: `select f.fault_code, min(f.fault_detail) as fault_detail, count(distinct f.imei) as vehicles, max(f.fault_time) as newest_at
from tracksolid.fault_codes f
where f.fault_time >= now() - interval '30 days'
group by f.fault_code
order by vehicles desc`,
        columns: ["fault_code", "fault_detail", "vehicles", "newest_at"],
      },
    ],
  },
  "reporting.v_fleet": {
    grain: "the one row",
    caveats: ["Days are days of `zone`; times are UTC. `time at time zone zone` is the local time."],
    questions: [
      {
        question: "Which day and time is it for the fleet?",
        sql: "select zone, (now() at time zone zone)::date as day, to_char(now() at time zone zone, 'HH24:MI') as local_time from reporting.v_fleet",
        columns: ["zone", "day", "local_time"],
      },
    ],
  },
  "tracksolid.shifts": {
    grain: "shift and weekday",
    caveats: ["A weekday without a row is free. An end before its start is on the next day."],
    questions: [
      {
        question: "When does each shift begin and end?",
        sql: "select shift, weekday, starts_at, ends_at, grace from tracksolid.shifts order by shift, weekday",
        columns: ["shift", "weekday", "starts_at", "ends_at", "grace"],
      },
    ],
  },
  "tracksolid.fuel_prices": {
    grain: "first day of a price; it holds until the next",
    caveats: ["One price for the whole fleet."],
    questions: [
      {
        question: "What is the price of fuel now?",
        sql: `select price_per_l, currency, valid_from
from tracksolid.fuel_prices
where valid_from <= (select (now() at time zone zone)::date from reporting.v_fleet)
order by valid_from desc
limit 1`,
        columns: ["price_per_l", "currency", "valid_from"],
      },
    ],
  },
  "tracksolid.account_changes": {
    grain: "device and change of owner",
    caveats: ["When the vendor first named the new owner, which may be later than the change."],
    questions: [
      {
        question: "Which devices changed accounts in the last 30 days?",
        sql: `select c.imei, v.plate, c.from_account, c.to_account, c.changed_at
from tracksolid.account_changes c
left join reporting.v_vehicles v on v.imei = c.imei
where c.changed_at >= now() - interval '30 days'
order by c.changed_at desc`,
        columns: ["imei", "plate", "from_account", "to_account", "changed_at"],
      },
    ],
  },
};
