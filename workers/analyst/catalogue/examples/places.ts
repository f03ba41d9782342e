import type { Entries } from "../entry.ts";

/** Geofences and who was in them. */
export const places: Entries = {
  "reporting.v_geofences": {
    grain: "geofence",
    caveats: ["Disabled ones are in it and have no visits. `geometry` is GeoJSON, longitude first."],
    questions: [
      {
        question: "Which geofences are there?",
        sql: `select geofence_id, name, kind, enabled, radius_m, min_stay_s
from reporting.v_geofences
order by kind, name`,
        columns: ["geofence_id", "name", "kind", "enabled", "radius_m", "min_stay_s"],
      },
    ],
  },
  "reporting.v_geofence_visits": {
    grain: "visit, whatever the day",
    caveats: [
      "`inside_s` is what is known; with gaps it may have been up to `at_most_s`. `left_at` null: it is inside still.",
      "A visit may have begun before the span you ask for: compare `left_at`, too.",
    ],
    questions: [
      {
        question: "Which vehicles visited a geofence in the last seven days, and how long were they there?",
        sql: `select geofence, plate, entered_at, left_at, inside_s, entry_is_exact, exit_is_exact
from reporting.v_geofence_visits
where geofence = 'Depot' and (left_at is null or left_at >= now() - interval '7 days')
order by entered_at desc`,
        columns: [
          "geofence",
          "plate",
          "entered_at",
          "left_at",
          "inside_s",
          "entry_is_exact",
          "exit_is_exact",
        ],
      },
    ],
  },
  "reporting.v_geofence_visits_daily": {
    grain: "geofence, vehicle and day",
    caveats: ["Add up `visits_begun`, not `visits`: one over midnight counts on both days."],
    questions: [
      {
        question: "How much time did vehicles spend in each geofence, by day, over the last seven days?",
        sql: `select day, geofence, count(*) as vehicles, sum(visits_begun) as visits_begun, round(sum(inside_s) / 3600.0, 1) as inside_h
from reporting.v_geofence_visits_daily
where day >= (select (now() at time zone zone)::date - 7 from reporting.v_fleet)
group by day, geofence
order by day, geofence`,
        columns: ["day", "geofence", "vehicles", "visits_begun", "inside_h"],
      },
    ],
  },
};
