import type { Entries } from "../entry.ts";

/** Whether data come in, and what keeps copies fresh. */
export const pipeline: Entries = {
  "reporting.v_fleet": {
    grain: "one row",
    caveats: ["Turn an instant into a day of the fleet with `(at at time zone zone)::date`."],
    questions: [
      {
        question: "What day is it in the fleet's zone, and when did it begin?",
        sql: `select zone, (now() at time zone zone)::date as day,
  (now() at time zone zone)::date::timestamp at time zone zone as began_at
from reporting.v_fleet`,
        columns: ["zone", "day", "began_at"],
      },
    ],
  },
  "reporting.v_ingest_health": {
    grain: "job of the pipeline that ever ran",
    caveats: ["It judges nothing: `reporting.fn_ingest_health` says which job is late or failing."],
    questions: [
      {
        question: "When did each job last succeed?",
        sql: "select endpoint, last_success_at, last_failure_at, last_error_code from reporting.v_ingest_health order by last_success_at",
        columns: ["endpoint", "last_success_at", "last_failure_at", "last_error_code"],
      },
    ],
  },
  "reporting.v_job_health": {
    grain: "job of the pipeline that ever ran",
    caveats: ["`reporting.fn_ingest_health` is made of it."],
    questions: [
      {
        question: "Which job failed last?",
        sql: `select endpoint, last_failure_at, last_error
from reporting.v_job_health
order by last_failure_at desc nulls last
limit 1`,
        columns: ["endpoint", "last_failure_at", "last_error"],
      },
    ],
  },
  "reporting.canary_runs": {
    grain: "minute",
    caveats: [
      "A device of the system's own; it says nothing of vehicles. A minute without a row counts as one that failed.",
    ],
    questions: [
      {
        question: "On which days of the last month did pushes take long to the map?",
        sql: `select (r.minute at time zone f.zone)::date as day, count(*) as runs,
  count(*) filter (where r.mapped_ms is null) as failed, max(r.mapped_ms) as slowest_ms
from reporting.canary_runs r
cross join reporting.v_fleet f
where r.minute > now() - interval '1 month'
group by 1
order by slowest_ms desc nulls first`,
        columns: ["day", "runs", "failed", "slowest_ms"],
      },
    ],
  },
  "reporting.road_tiles": {
    grain: "level and tile",
    caveats: [
      "Lines for maps, packed: SQL cannot read them. Ways of vehicles are in `reporting.fn_vehicle_track`.",
    ],
    questions: [
      {
        question: "How much of the world has roads that the fleet drives?",
        sql: `select level, count(*) as tiles, min(oldest_day) as oldest_day
from reporting.road_tiles
group by level
order by level`,
        columns: ["level", "tiles", "oldest_day"],
      },
    ],
  },
  "reporting.day_versions": {
    grain: "vehicle and day",
    caveats: ["For who keeps a copy of days; it says nothing of vehicles."],
    questions: [
      {
        question: "Which days of vehicles were computed anew since version 0?",
        sql: "select imei, day, version from reporting.day_versions where version > 0 order by version desc limit 100",
        columns: ["imei", "day", "version"],
      },
    ],
  },
  "reporting.newest_version": {
    grain: "the one row",
    caveats: ["The version up to which a copy of `reporting.day_versions` is whole."],
    questions: [
      {
        question: "Which version is the newest?",
        sql: "select version from reporting.newest_version",
        columns: ["version"],
      },
    ],
  },
  "tracksolid.ingestion_log": {
    grain: "run of a poll, or batch of the writer",
    caveats: ["Bound `run_at`: some thousand rows a day, kept for 90 days."],
    questions: [
      {
        question: "How many runs failed in the last 24 hours, by job and cause?",
        sql: `select endpoint, error_code, count(*) as failures, max(run_at) as newest_at
from tracksolid.ingestion_log
where run_at >= now() - interval '24 hours' and not success
group by endpoint, error_code
order by failures desc`,
        columns: ["endpoint", "error_code", "failures", "newest_at"],
      },
    ],
  },
  "tracksolid.coverage_gaps": {
    grain: "vehicle and gap",
    caveats: ["A gap that was `filled` is none any more; `none`: the vendor has no fixes of it."],
    questions: [
      {
        question: "Which gaps of the last seven days are still open?",
        sql: `select g.imei, v.plate, g.gap_from, g.gap_to, g.reason, g.tries
from tracksolid.coverage_gaps g
join reporting.v_vehicles v on v.imei = g.imei
where g.gap_to >= now() - interval '7 days' and g.state = 'open'
order by g.gap_from`,
        columns: ["imei", "plate", "gap_from", "gap_to", "reason", "tries"],
      },
    ],
  },
};
