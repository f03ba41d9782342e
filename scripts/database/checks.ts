import type postgres from "postgres";
import type { Bar, Progress } from "../progress.ts";
import { computeAgain } from "./recompute.ts";

/** What may be wrong with the data, and what to do then. */
interface Check {
  name: string;
  /** For who finds something. */
  remedy: string;
  /** One text per finding. */
  statement: string;
}

/** What a check found. */
export interface Finding {
  name: string;
  remedy: string;
  count: number;
  /** The first few. */
  examples: string[];
}

const EXAMPLES = 10;

/** Drawn by lot: some seconds of work. */
const DAYS_COMPUTED_AGAIN = 200;

/** Facts of devices that nobody has heard of otherwise. History outlives devices, so this is told and not forbidden. */
const orphans = (table: string): Check => ({
  name: `orphans in ${table}`,
  remedy:
    "a device that was deleted by hand, or facts from another system: the device sync brings it back while it is listed",
  statement: `
    with recursive imeis as (
      (select imei from ${table} order by imei limit 1)
      union all
      select (select t.imei from ${table} t where t.imei > i.imei order by t.imei limit 1) from imeis i where i.imei is not null
    )
    select imei as found from imeis
    where imei is not null and not exists (select from tracksolid.devices d where d.imei = imeis.imei)`,
});

const CHECKS: Check[] = [
  ...[
    "tracksolid.position_history",
    "tracksolid.trips",
    "tracksolid.parking_events",
    "tracksolid.alarms",
  ].map(orphans),
  {
    name: "trips that overlap",
    remedy: "written past the writer: delete the older report",
    statement: `
      select imei || ' ' || start_time as found from (
        select imei, start_time, lag(end_time) over (partition by imei order by start_time) > start_time as is_second
        from tracksolid.trips
      ) t where is_second`,
  },
  {
    name: "stays that overlap",
    remedy: "written past the writer: delete the older report",
    statement: `
      select imei || ' ' || acc || ' ' || start_time as found from (
        select imei, acc, start_time,
          lag(reported_until) over (partition by imei, acc order by start_time) > start_time as is_second
        from tracksolid.parking_events
      ) s where is_second`,
  },
  {
    name: "impossible trips",
    remedy: "kilometres taken for metres, or a broken device: look at raw, mend the parser, npm run replay",
    statement: `
      select imei || ' ' || start_time || ': ' || round(distance_km::numeric, 1) || ' km in '
        || extract(epoch from end_time - start_time)::int || ' s' as found
      from tracksolid.trips
      where distance_km < 0 or distance_km > 1 + extract(epoch from end_time - start_time) / 3600 * 250
        or max_speed_kmh > 300 or driving_time_s > extract(epoch from end_time - start_time) + 60`,
  },
  {
    name: "positions beyond the earth, or at its navel",
    remedy: "written past the writer, which refuses them: delete them",
    statement: `
      select imei || ' ' || fix_at as found from tracksolid.live_positions
      where lat not between -90 and 90 or lng not between -180 and 180 or lat = 0 and lng = 0`,
  },
  {
    name: "days that do not add up",
    remedy: "changed by hand: mark the day in private.dirty_days, the job derive computes it",
    statement: `
      select imei || ' ' || day as found from reporting.vehicle_day, tracksolid.fleet
      where moving_s + idling_s + parked_s + unknown_s
        <> extract(epoch from (day + 1)::timestamp at time zone zone - day::timestamp at time zone zone)
        or least(moving_s, idling_s, parked_s, unknown_s) < 0`,
  },
  {
    name: "drivers with more time than their vehicle",
    remedy: "changed by hand: mark the day in private.dirty_days, the job derive computes it",
    statement: `
      select r.imei || ' ' || r.day as found from reporting.driver_day r
      left join reporting.vehicle_day v on v.imei = r.imei and v.day = r.day
      group by r.imei, r.day, v.imei, v.moving_s
      having v.imei is null or sum(r.moving_s) > v.moving_s + 2`,
  },
];

/** Looks for what cannot be right. Reads tables whole: for a quiet hour. */
export async function checkDatabase(sql: postgres.Sql, progress: Progress): Promise<Finding[]> {
  const bar = progress("checks", CHECKS.length + 1);
  try {
    return await check(sql, bar);
  } finally {
    bar[Symbol.dispose]();
  }
}

async function check(sql: postgres.Sql, bar: Bar): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, remedy, statement } of CHECKS) {
    const rows = await sql.unsafe<{ found: string; count: number }[]>(
      `select found, (count(*) over ())::int as count from (${statement}) f order by found limit ${EXAMPLES}`,
    );
    const [first] = rows;
    findings.push({ name, remedy, count: first?.count ?? 0, examples: rows.map(({ found }) => found) });
    bar.add(1);
  }
  const { compared, differing } = await computeAgain(sql, DAYS_COMPUTED_AGAIN);
  findings.push({
    name: `rows that differ from a recompute, of ${compared} days`,
    remedy:
      "changed by hand, or a bug in the marks: mark the days in private.dirty_days, and tell the developers",
    count: differing.length,
    examples: differing.slice(0, EXAMPLES),
  });
  return findings;
}
