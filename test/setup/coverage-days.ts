import type postgres from "postgres";

/** What somebody calls a vehicle who would like to run a script. */
export const HOSTILE = '<img src=x onerror="document.title=1">';

const DAY_MS = 24 * 3_600_000;

/** A day of Nairobi that is over, within the vendor's reach. */
export const COVERED_DAY = new Date(Date.now() + 3 * 3_600_000 - 3 * DAY_MS).toISOString().slice(0, 10);

/** Its beginning. */
export const COVERED_FROM_MS = Date.parse(`${COVERED_DAY}T00:00:00+03:00`);

/**
 * Writes how much is known of vehicles, past the job that computes it: of a fleet of its own, `vehicles` many, from 06:00 to
 * 20:00 and of the day before; every seventh misses something, every fourth had something late, every tenth stood all the while.
 */
export async function fillCoverage(sql: postgres.Sql, vehicles: number): Promise<void> {
  await sql`
    insert into tracksolid.devices (imei, account, device_name, plate, city, facts_at, created_at, changed_at)
    select (867000000000000 + v)::text, case when v % 3 = 0 then 'safari' else 'fireside' end,
      case v when 7 then ${HOSTILE} else 'Unit ' || v end, case when v <> 7 then 'KD' || chr(65 + v % 26) || ' ' || 100 + v || 'C' end,
      (array['Nairobi', 'Mombasa', null])[1 + v % 3], now(), now(), now()
    from generate_series(0, ${vehicles - 1}::int) v`;
  await sql`
    insert into reporting.coverage_hours (imei, hour, have_s, recovered_s, missing_s)
    select (867000000000000 + v)::text, ${new Date(COVERED_FROM_MS)}::timestamptz + (h - d * 24) * interval '1 hour',
      3000 - late - lost, late, lost
    from generate_series(0, ${vehicles - 1}::int) v
    cross join generate_series(6, 19) h
    cross join generate_series(0, 1) d
    cross join lateral (
      select case when v % 4 = 1 and h between 9 and 11 then 200 + v % 9 * 200 else 0 end as late,
        case when v % 7 = 0 and h between 12 and 12 + v % 3 then 300 + v % 5 * 250 else 0 end as lost
    ) known
    where v % 10 <> 9 and (v * 7 + h * 5 + d) % 11 <> 0`;
  await sql`
    insert into tracksolid.coverage_gaps (imei, gap_from, gap_to, reason, state, points, tries, found_at)
    select (867000000000000 + v)::text, at, at + interval '25 minutes', 'moved', case when late then 'filled' else 'open' end,
      case when late then 140 end, case when late then 1 else 0 end, at + interval '1 hour'
    from generate_series(0, ${vehicles - 1}::int) v
    cross join (values (true), (false)) kind (late)
    cross join lateral (
      select ${new Date(COVERED_FROM_MS)}::timestamptz + case when late then interval '9 hours 10 minutes' else interval '12 hours 20 minutes' end
        as at
    ) placed
    where case when late then v % 4 = 1 else v % 7 = 0 end`;
  await sql`analyze`;
}
