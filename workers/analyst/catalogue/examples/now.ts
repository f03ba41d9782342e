import type { Entries } from "../entry.ts";

/** The fleet at an instant. All of these are meant to be asked with now(). */
export const now: Entries = {
  "reporting.fn_live_positions": {
    grain: "enabled vehicle that maps show",
    caveats: [
      "Call it with `interval '24 hours'` (silent) and `interval '10 minutes'` (stale), as the live map does.",
      "Only the newest position is kept: it cannot say where vehicles were at an earlier instant; `reporting.fn_vehicle_track` can.",
      "`fix_at` is the age of the place, `contact_at` that of `ignition` and `online`: a parked vehicle's place is old and right.",
    ],
    questions: [
      {
        question: "Where is every vehicle now, and who drives it?",
        sql: `select plate, name, driver, city, status, lat, lng, speed_kmh, fix_at, contact_at
from reporting.fn_live_positions(now(), interval '24 hours', interval '10 minutes')
order by status, plate`,
        columns: [
          "plate",
          "name",
          "driver",
          "city",
          "status",
          "lat",
          "lng",
          "speed_kmh",
          "fix_at",
          "contact_at",
        ],
      },
      {
        question: "Which vehicles have been silent for more than a day, longest first?",
        sql: `select plate, name, driver, city, contact_at, fix_at
from reporting.fn_live_positions(now(), interval '24 hours', interval '10 minutes')
where status = 'silent'
order by greatest(contact_at, fix_at)`,
        columns: ["plate", "name", "driver", "city", "contact_at", "fix_at"],
      },
    ],
  },
  "reporting.fn_fleet_today": {
    grain: "vehicle that maps show",
    caveats: [
      "The day is that of the fleet's zone; its roll-ups are up to a minute or two behind. The four times add up to what has gone of it.",
    ],
    questions: [
      {
        question: "How far has each vehicle driven today, and what does it do now?",
        sql: `select plate, driver, city, status, distance_km, distance_source, moving_s, idling_s, trips, first_moving_at
from reporting.fn_fleet_today(now())
order by distance_km desc nulls last`,
        columns: [
          "plate",
          "driver",
          "city",
          "status",
          "distance_km",
          "distance_source",
          "moving_s",
          "idling_s",
          "trips",
          "first_moving_at",
        ],
      },
    ],
  },
  "reporting.fn_currently_idle": {
    grain: "vehicle that idles now",
    caveats: [
      "Looks back a day at most. The second argument is the shortest time to tell, 5 minutes unless given.",
    ],
    questions: [
      {
        question: "Who stands with the engine on for more than 15 minutes now?",
        sql: `select plate, driver, city, lat, lng, idle_since, idle_s
from reporting.fn_currently_idle(now(), interval '15 minutes')`,
        columns: ["plate", "driver", "city", "lat", "lng", "idle_since", "idle_s"],
      },
    ],
  },
  "reporting.fn_driver_clock_today": {
    grain: "driver and vehicle",
    caveats: ["Only drivers of vehicles with a shift can be late; `status` free or unknown is no verdict."],
    questions: [
      {
        question: "Who is late or missing today?",
        sql: `select driver_name, plate, city, shift, shift_from, began_at, status, late_s
from reporting.fn_driver_clock_today(now())
where status in ('late', 'missing')
order by late_s desc nulls last`,
        columns: ["driver_name", "plate", "city", "shift", "shift_from", "began_at", "status", "late_s"],
      },
    ],
  },
  "reporting.fn_active_dispatch_map": {
    grain: "open ticket that has a place",
    caveats: [
      "Tickets without a place are not in it: `reporting.v_tickets` has all. `distance_km` is straight, not by road.",
    ],
    questions: [
      {
        question: "Which open tickets are overdue, and how far away is their vehicle?",
        sql: `select number, area, priority, age_s, due_at, driver_name, plate, status, distance_km
from reporting.fn_active_dispatch_map(now())
where overdue
order by due_at`,
        columns: [
          "number",
          "area",
          "priority",
          "age_s",
          "due_at",
          "driver_name",
          "plate",
          "status",
          "distance_km",
        ],
      },
    ],
  },
  "reporting.fn_inside_geofences": {
    grain: "vehicle and geofence",
    caveats: [
      "By the newest fix of satellites, however old: see `fix_at`. `entered_at` is null until the visit is computed.",
    ],
    questions: [
      {
        question: "Which vehicles are in which geofence now?",
        sql: `select geofence, kind, plate, driver, status, fix_at, entered_at
from reporting.fn_inside_geofences(now())
order by geofence, plate`,
        columns: ["geofence", "kind", "plate", "driver", "status", "fix_at", "entered_at"],
      },
    ],
  },
  "reporting.fn_service_due": {
    grain: "vehicle with a service interval",
    caveats: [
      "Days of which nothing is known are not in `since_km`: it may be more. `status` unknown: no service is noted.",
    ],
    questions: [
      {
        question: "Which vehicles are due for service, or soon?",
        sql: `select plate, city, serviced_on, service_interval_km, since_km, since_source, left_km, status
from reporting.fn_service_due(now())
where status in ('due', 'soon')`,
        columns: [
          "plate",
          "city",
          "serviced_on",
          "service_interval_km",
          "since_km",
          "since_source",
          "left_km",
          "status",
        ],
      },
    ],
  },
  "reporting.fn_ingest_health": {
    grain: "job of the pipeline",
    caveats: ["A job that is `late` or `failing` explains missing days better than silent vehicles do."],
    questions: [
      {
        question: "Do data come in as they should?",
        sql: `select job, status, every_s, last_success_at, last_success_age_s, failures_24h, last_error_code
from reporting.fn_ingest_health(now())
order by status, job`,
        columns: [
          "job",
          "status",
          "every_s",
          "last_success_at",
          "last_success_age_s",
          "failures_24h",
          "last_error_code",
        ],
      },
    ],
  },
};
