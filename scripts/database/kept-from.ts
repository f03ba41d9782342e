import type postgres from "postgres";

/** A chunk of a hypertable goes as a whole, when it is as old as seven days more; and what is to go goes once a day. */
const MARGIN_DAYS = 9;

/**
 * The first day, YYYY-MM-DD, that surely is computed anew where it is marked: the positions of the days before are taken away,
 * or about to be. Null where none were: then all days are. Hours stay when their positions go, which tells that they went.
 */
export async function keptFrom(sql: postgres.Sql | postgres.TransactionSql): Promise<string | null> {
  const [row] = await sql<{ kept_from: string | null }[]>`
    with counted as (
      select imei, min(hour) filter (where fixes > 0) as first_hour from reporting.vehicle_hour group by imei
    ), known as (
      select min(first_hour) as first_hour, min((
        select min(h.gps_time) from tracksolid.position_history h where h.imei = c.imei
      )) as first_fix
      from counted c
    )
    select case when first_fix is null or first_fix >= first_hour + interval '1 hour' then
      ((coalesce(first_fix, now()) at time zone zone)::date + ${MARGIN_DAYS}::int)::text
    end as kept_from
    from known, tracksolid.fleet where first_hour is not null`;
  return row?.kept_from ?? null;
}
