import type postgres from "postgres";
import { keptFrom } from "./kept-from.ts";
import { isZone, noZone } from "./time-zone.ts";

/** The zone as it is. */
interface Survey {
  zone: string;
  /** Days of vehicles that are computed anew in another. */
  days: number;
  /** Days before this one, YYYY-MM-DD, stay as they are, since their positions are no longer kept; null where all are. */
  staysBefore: string | null;
  /** How many days of vehicles those are. */
  staying: number;
}

/** @throws for a zone that Postgres does not know */
export async function surveyZone(sql: postgres.Sql, zone: string): Promise<Survey> {
  if (!(await isZone(sql, zone))) throw new Error(noZone(zone));
  const staysBefore = await keptFrom(sql);
  const [row] = await sql<{ zone: string; days: number; staying: number }[]>`
    select zone, count(day) filter (where day >= ${staysBefore ?? "-infinity"}::text::date)::int as days,
      count(day) filter (where day < ${staysBefore ?? "-infinity"}::text::date)::int as staying
    from tracksolid.fleet left join reporting.vehicle_day on true
    group by zone`;
  if (!row) throw new Error("The table tracksolid.fleet has no row: run npm run db:migrate.");
  return { ...row, staysBefore };
}

/**
 * Sets the zone of the fleet, empties what is counted by its days and marks every day of which there are facts. Days whose
 * positions are no longer kept stay as they are: nobody can count them anew.
 * @returns how many days of vehicles are marked
 */
export async function changeZone(sql: postgres.Sql, zone: string): Promise<number> {
  const marked = await sql.begin(async (tx) => {
    // A run of derive that counts in the old zone ends first.
    await tx`
      lock table reporting.vehicle_hour, reporting.vehicle_day, reporting.driver_day, reporting.alarm_day in exclusive mode`;
    const from = (await keptFrom(tx)) ?? "-infinity";
    await tx`update tracksolid.fleet set zone = ${zone}`;
    // What is known of hours tells where there are fixes: history itself would be read for minutes.
    const rows = await tx`
      with fact as (
        select imei, hour as from_time, hour + interval '1 hour' as to_time from reporting.vehicle_hour
        union all
        select imei, start_time, end_time from tracksolid.trips
        union all
        select imei, alarm_time, alarm_time from tracksolid.alarms
      )
      insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
      select imei, day::date, min(greatest(from_time, day at time zone ${zone})),
        max(least(to_time, (day + interval '1 day') at time zone ${zone})), pg_current_xact_id()
      from fact, generate_series(
        (from_time at time zone ${zone})::date::timestamp, to_time at time zone ${zone}, interval '1 day'
      ) as day
      where day >= ${from}::text::timestamp
      group by imei, day
      on conflict (imei, day) do update set
        changed_from = least(d.changed_from, excluded.changed_from),
        changed_to = greatest(d.changed_to, excluded.changed_to), mark = excluded.mark
      returning 1`;
    // Hours that reach over the border of that day, in zones half an hour off, go with it.
    await tx`
      delete from reporting.vehicle_hour
      where hour + interval '1 hour' > ${from}::text::timestamp at time zone ${zone}`;
    for (const table of ["vehicle_day", "driver_day", "alarm_day"]) {
      await tx`delete from ${tx(`reporting.${table}`)} where day >= ${from}::text::date`;
    }
    return rows.count;
  });
  return marked as number;
}
