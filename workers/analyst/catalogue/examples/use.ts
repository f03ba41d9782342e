import type { Entries } from "../entry.ts";

/** What vehicles did by the day and by the hour, and their trips. */
export const use: Entries = {
  "reporting.v_utilisation_daily": {
    grain: "vehicle and day",
    caveats: [
      "A day of which nothing is known has no row: a vehicle without rows was silent, not idle. Count days with rows beside every average.",
      "`moving_share` is of what is known, so it is high for a vehicle that was known for an hour and drove in it: add up `moving_s` and `moving_s + idling_s + parked_s` rather than averaging shares.",
      "Today has a row already; its `unknown_s` holds what is still to come.",
    ],
    questions: [
      {
        question: "Which vehicles were least used in the last seven days?",
        sql: `select v.imei, v.plate, v.name, v.city, count(u.day) as days_known,
  round(sum(u.moving_s) / 3600.0, 1) as moving_h, round(sum(u.distance_km)::numeric, 1) as distance_km,
  round(sum(u.moving_s)::numeric / nullif(sum(u.moving_s + u.idling_s + u.parked_s), 0), 3) as moving_share
from reporting.v_vehicles v
left join reporting.v_utilisation_daily u on u.imei = v.imei
  and u.day >= (select (now() at time zone zone)::date - 7 from reporting.v_fleet)
  and u.day < (select (now() at time zone zone)::date from reporting.v_fleet)
where v.enabled
group by v.imei, v.plate, v.name, v.city
order by sum(u.moving_s) nulls first, v.imei
limit 20`,
        columns: ["imei", "plate", "name", "city", "days_known", "moving_h", "distance_km", "moving_share"],
      },
      {
        question: "How was utilisation by city yesterday?",
        sql: `select city, count(*) as vehicles_known, round(sum(idling_s) / 3600.0, 1) as idling_h,
  round(sum(moving_s)::numeric / nullif(sum(moving_s + idling_s + parked_s), 0), 3) as moving_share
from reporting.v_utilisation_daily
where day = (select (now() at time zone zone)::date - 1 from reporting.v_fleet)
group by city
order by city`,
        columns: ["city", "vehicles_known", "idling_h", "moving_share"],
      },
    ],
  },
  "reporting.vehicle_day": {
    grain: "vehicle and day",
    caveats: [
      "Canary devices are in it: join `reporting.v_vehicles`, or read `reporting.v_utilisation_daily`.",
      "`distance_km` is the one that counts; `odometer_km`, `gps_km` and `vendor_km` measure the same way and are never added up.",
      "`fuel_l` is what the vendor's trips say, null for most devices; `reporting.v_fuel_daily` has estimates, too.",
    ],
    questions: [
      {
        question:
          "On how many days of the last 30 did each source of distance count, and how far do odometer and GPS differ?",
        sql: `select distance_source, count(*) as vehicle_days, round(sum(distance_km)::numeric, 1) as distance_km,
  round((sum(odometer_km - gps_km) / nullif(sum(gps_km), 0))::numeric, 3) as odometer_over_gps_share
from reporting.vehicle_day
where day >= (select (now() at time zone zone)::date - 30 from reporting.v_fleet)
  and imei in (select imei from reporting.v_vehicles)
group by distance_source
order by vehicle_days desc`,
        columns: ["distance_source", "vehicle_days", "distance_km", "odometer_over_gps_share"],
      },
      {
        question: "Which vehicles had the most harsh driving on 100 km in the last 30 days?",
        sql: `select v.plate, d.imei, sum(d.harsh_events) as harsh_events, round(sum(d.distance_km)::numeric) as distance_km,
  round((100 * sum(d.harsh_events) / nullif(sum(d.distance_km), 0))::numeric, 2) as harsh_events_per_100_km
from reporting.vehicle_day d
join reporting.v_vehicles v on v.imei = d.imei
where d.day >= (select (now() at time zone zone)::date - 30 from reporting.v_fleet) and d.distance_km is not null
group by v.plate, d.imei
having sum(d.distance_km) >= 20
order by harsh_events_per_100_km desc nulls last
limit 20`,
        columns: ["plate", "imei", "harsh_events", "distance_km", "harsh_events_per_100_km"],
      },
    ],
  },
  "reporting.vehicle_hour": {
    grain: "vehicle and hour",
    caveats: [
      "The newest hours may be some minutes behind: they are computed from fixes as these come.",
      "An hour without a row is unknown, not zero. Bound `hour` on both sides: the table has 24 rows a vehicle and day.",
      "Canary devices are in it: keep to those of `reporting.v_vehicles`.",
    ],
    questions: [
      {
        question: "At which hours of the day does the fleet drive, over the last seven days?",
        sql: `select extract(hour from h.hour at time zone f.zone)::int as hour_of_day, round(sum(h.moving_s) / 3600.0, 1) as moving_h,
  round(sum(h.idling_s) / 3600.0, 1) as idling_h
from reporting.vehicle_hour h, reporting.v_fleet f
where h.hour >= now() - interval '7 days' and h.hour < now() and h.imei in (select imei from reporting.v_vehicles)
group by 1
order by 1`,
        columns: ["hour_of_day", "moving_h", "idling_h"],
      },
    ],
  },
  "reporting.v_fleet_km_daily": {
    grain: "day, account, city and segment",
    caveats: [
      "`vehicles_unknown` have no distance: the sum is too small by theirs. Compare days of like `vehicles`.",
      "Account, city and segment are those of now, also for days long past.",
    ],
    questions: [
      {
        question: "How many kilometres did the fleet drive each day of the last two weeks?",
        sql: `select day, sum(vehicles) as vehicles, sum(vehicles_moved) as vehicles_moved, sum(vehicles_unknown) as vehicles_unknown,
  round(sum(distance_km)::numeric, 1) as distance_km
from reporting.v_fleet_km_daily
where day >= (select (now() at time zone zone)::date - 14 from reporting.v_fleet)
group by day
order by day`,
        columns: ["day", "vehicles", "vehicles_moved", "vehicles_unknown", "distance_km"],
      },
    ],
  },
  "reporting.v_trips": {
    grain: "trip",
    caveats: [
      "Trips and their distances are the vendor's; days are added up from fixes, so a day's trips need not add up to its `distance_km`.",
      "Bound `start_time`; addresses may be null until they are looked up.",
    ],
    questions: [
      {
        question: "Which were the longest trips of the last seven days?",
        sql: `select plate, driver, start_time, duration_s, distance_km, max_speed_kmh, start_address, end_address
from reporting.v_trips
where start_time >= now() - interval '7 days'
order by distance_km desc nulls last
limit 20`,
        columns: [
          "plate",
          "driver",
          "start_time",
          "duration_s",
          "distance_km",
          "max_speed_kmh",
          "start_address",
          "end_address",
        ],
      },
      {
        question: "Where did one vehicle go yesterday?",
        sql: `select t.start_time, t.end_time, t.distance_km, t.driver, t.start_address, t.end_address
from reporting.v_trips t, reporting.v_fleet f
where t.imei = (select imei from reporting.v_vehicles where enabled order by imei limit 1)
  and t.start_time >= date_trunc('day', now() at time zone f.zone - interval '1 day') at time zone f.zone
  and t.start_time < date_trunc('day', now() at time zone f.zone) at time zone f.zone
order by t.start_time`,
        columns: ["start_time", "end_time", "distance_km", "driver", "start_address", "end_address"],
      },
    ],
  },
  "reporting.v_vehicles": {
    grain: "vehicle",
    caveats: [
      "Disabled vehicles are in it: filter by `enabled`. City, segment and type may be null where nobody set them.",
    ],
    questions: [
      {
        question: "How many vehicles are there by city and type?",
        sql: `select city, vehicle_type, count(*) as vehicles
from reporting.v_vehicles
where enabled
group by city, vehicle_type
order by city, vehicle_type`,
        columns: ["city", "vehicle_type", "vehicles"],
      },
    ],
  },
  "reporting.coverage_hours": {
    grain: "vehicle and hour in which it was under way",
    caveats: [
      "Hours of standing have no row, so this is no measure of silence. Under way: `have_s + recovered_s + missing_s`.",
      "Canary devices are in it: keep to those of `reporting.v_vehicles`.",
    ],
    questions: [
      {
        question: "How much of the time under way is known, by day, over the last seven days?",
        sql: `select (c.hour at time zone f.zone)::date as day, round(sum(c.missing_s) / 3600.0, 1) as missing_h,
  round(1 - sum(c.missing_s)::numeric / nullif(sum(c.have_s + c.recovered_s + c.missing_s), 0), 4) as known_share
from reporting.coverage_hours c, reporting.v_fleet f
where c.hour >= now() - interval '7 days' and c.imei in (select imei from reporting.v_vehicles)
group by 1
order by 1`,
        columns: ["day", "missing_h", "known_share"],
      },
    ],
  },
  "reporting.fn_fleet_days": {
    grain: "vehicle and day, also days of which nothing is known",
    caveats: [
      "Filter is JSON, every key a list: `account`, `city`, `segment`, `vehicle_type`, `plate`, `imei`; `{}` is all. Drivers is a JSON list of names or null.",
      "Null is unknown: sums leave it out, so say on how many days they rest.",
    ],
    questions: [
      {
        question: "How did the vehicles of one city do in the last seven days, silent days counted?",
        sql: `select d.imei, count(*) as days, count(d.moving_s) as days_known, round(sum(d.distance_km)::numeric, 1) as distance_km,
  round(sum(d.unknown_s) / 3600.0, 1) as unknown_h
from reporting.v_fleet f, reporting.fn_fleet_days(
  (now() at time zone f.zone)::date - 7, (now() at time zone f.zone)::date - 1, '{"city": ["Nairobi"]}', null) d
group by d.imei
order by unknown_h desc, d.imei`,
        columns: ["imei", "days", "days_known", "distance_km", "unknown_h"],
      },
    ],
  },
  "reporting.fn_vehicles_not_moved": {
    grain: "vehicle that did not move on the day",
    caveats: ["`known` false means nobody knows whether it moved. `contact_at` is of now, whatever the day."],
    questions: [
      {
        question: "Which vehicles did not move yesterday, and since when?",
        sql: `select n.plate, n.driver, n.city, n.last_moved_day, n.days_since, n.known, n.contact_at
from reporting.v_fleet f, reporting.fn_vehicles_not_moved((now() at time zone f.zone)::date - 1) n
order by n.days_since desc nulls first`,
        columns: ["plate", "driver", "city", "last_moved_day", "days_since", "known", "contact_at"],
      },
    ],
  },
  "reporting.fn_trips_for_map": {
    grain: "trip",
    caveats: [
      "As `reporting.v_trips`, without vehicles that are left out of maps. Leave out the list of IMEIs for all.",
    ],
    questions: [
      {
        question: "Which trips began in the last 24 hours?",
        sql: `select plate, driver, start_time, end_time, distance_km, start_lat, start_lng, end_lat, end_lng
from reporting.fn_trips_for_map(now() - interval '24 hours', now())`,
        columns: [
          "plate",
          "driver",
          "start_time",
          "end_time",
          "distance_km",
          "start_lat",
          "start_lng",
          "end_lat",
          "end_lng",
        ],
      },
    ],
  },
  "reporting.fn_vehicle_track": {
    grain: "fix of one vehicle",
    caveats: [
      "One vehicle and a day or two at a time: a moving vehicle has a fix every 10 to 30 s. `tolerance_m` over 0 thins it for drawing.",
      "Draw no line between two values of `segment`: nobody knows the way.",
    ],
    questions: [
      {
        question: "Which way did a vehicle take in the last 48 hours, to 20 m?",
        sql: `select t.segment, t.gps_time, t.lat, t.lng, t.speed_kmh, t.stands
from reporting.fn_vehicle_track((select imei from reporting.v_vehicles where enabled order by imei limit 1),
  now() - interval '48 hours', now(), 20) t`,
        columns: ["segment", "gps_time", "lat", "lng", "speed_kmh", "stands"],
      },
    ],
  },
  "reporting.fn_vehicle_steps": {
    grain: "two fixes of one vehicle that follow each other",
    caveats: [
      "What days and hours are added up from: for questions about one vehicle and a day, with `interval '10 minutes'` and 3 km/h as they use.",
    ],
    questions: [
      {
        question:
          "How long did a vehicle move, idle, park and stay unknown in the last 24 hours, by its fixes?",
        sql: `select s.state, round(sum(extract(epoch from least(s.step_to, now()) - greatest(s.step_from, now() - interval '24 hours')))) as time_s,
  round(sum(s.gps_km)::numeric, 2) as gps_km
from reporting.fn_vehicle_steps((select imei from reporting.v_vehicles where enabled order by imei limit 1),
  now() - interval '24 hours', now(), interval '10 minutes', 3) s
group by s.state
order by s.state`,
        columns: ["state", "time_s", "gps_km"],
      },
    ],
  },
  "reporting.fn_matching_vehicles": {
    grain: "IMEI",
    caveats: ["Plates match whatever their spaces, dashes and case. `{}` is all but canary devices."],
    questions: [
      {
        question: "Which vehicles are vans in Nairobi or Mombasa?",
        sql: `select v.imei, v.plate, v.city
from reporting.v_vehicles v
where v.imei in (select reporting.fn_matching_vehicles('{"city": ["Nairobi", "Mombasa"], "vehicle_type": ["van"]}'))
order by v.plate`,
        columns: ["imei", "plate", "city"],
      },
    ],
  },
  "reporting.fn_duration_words": {
    grain: "one text",
    caveats: ["For people to read: sort and add up seconds, never this."],
    questions: [
      {
        question: "How is 5,400 s said in words?",
        sql: "select reporting.fn_duration_words(5400) as duration",
        columns: ["duration"],
      },
    ],
  },
};
