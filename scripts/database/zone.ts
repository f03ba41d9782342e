import type postgres from "postgres";

/** The zone as it is. */
interface Survey {
  zone: string;
  /** Days of vehicles that are computed in it. */
  days: number;
  /** Those of them whose positions were taken away since. */
  lost: number;
}

/** @throws for a zone that Postgres does not know */
export async function surveyZone(sql: postgres.Sql, zone: string): Promise<Survey> {
  const [known] = await sql`select from pg_timezone_names where name = ${zone}`;
  if (!known) throw new Error(`There is no time zone ${zone}: give an IANA name such as Africa/Nairobi.`);
  const [row] = await sql`
    select zone, count(day)::int as days, count(day) filter (where fixes > 0 and not exists (
      select from tracksolid.position_history h
      where h.imei = v.imei and h.gps_time < (v.day + 1)::timestamp at time zone zone
    ))::int as lost
    from tracksolid.fleet left join reporting.vehicle_day v on true
    group by zone`;
  if (!row) throw new Error("The table tracksolid.fleet has no row: run npm run db:migrate.");
  return { zone: row.zone, days: row.days, lost: row.lost };
}

/**
 * Sets the zone of the fleet, empties what is counted by its days and marks every day of which there are facts.
 * @returns how many days of vehicles are marked
 */
export async function changeZone(sql: postgres.Sql, zone: string): Promise<number> {
  const marked = await sql.begin(async (tx) => {
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
      group by imei, day
      on conflict (imei, day) do update set
        changed_from = least(d.changed_from, excluded.changed_from),
        changed_to = greatest(d.changed_to, excluded.changed_to), mark = excluded.mark
      returning 1`;
    await tx`truncate reporting.vehicle_hour, reporting.vehicle_day, reporting.driver_day, reporting.alarm_day`;
    return rows.count;
  });
  return marked as number;
}
