import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type postgres from "postgres";
import { settings } from "../../shared/settings.ts";

const derive = join(resolve(import.meta.dirname, "../.."), "workers", "derive");

interface Day extends postgres.Row {
  imei: string;
  day: string;
  from: string;
  to: string;
  row: string;
}

/**
 * Computes days of vehicles again, drawn by lot, as the job does, and takes it back. The newest two days are left out: what
 * is known of them grows while a vehicle stands.
 * @returns how many days were compared, and those that came out differently
 */
export async function differingDays(
  sql: postgres.Sql,
  most: number,
): Promise<{ compared: number; days: string[] }> {
  const statement = (name: string) => readFile(join(derive, `${name}.sql`), "utf8");
  const limit = `${settings.gapWhileMovingS} s`;
  const takenBack = new Error("compared");
  let result = { compared: 0, days: [] as string[] };
  try {
    await sql.begin(async (tx) => {
      const run = async (name: string, parameters: (string | number)[]) =>
        tx.unsafe(await statement(name), parameters);
      const before = await tx<Day[]>`
        select v.imei, v.day::text as day, to_jsonb(v)::text as row,
          to_char(v.day::timestamp at time zone zone at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as from,
          to_char((v.day + 1)::timestamp at time zone zone at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as to
        from reporting.vehicle_day v, tracksolid.fleet
        where day < (select max(day) - 1 from reporting.vehicle_day)
          and not exists (select from private.dirty_days d where d.imei = v.imei)
          -- Of days before that the positions were taken away, or came from trips and alarms alone.
          and exists (
            select from tracksolid.position_history h
            where h.imei = v.imei and h.gps_time < (v.day + 1)::timestamp at time zone zone
          )
        order by random() limit ${most}`;
      const changes = before.map(({ imei, day, from, to }) => ({
        imei,
        day,
        changedFrom: from,
        changedTo: to,
      }));
      const list = JSON.stringify(changes);
      await run("vehicle-hours", [list, limit, settings.movingAboveKmh]);
      await run("alarm-days", [list]);
      await run("vehicle-days", [list]);
      const after = await tx<{ imei: string; day: string; row: string }[]>`
        select v.imei, v.day::text as day, to_jsonb(v)::text as row
        from reporting.vehicle_day v
        join json_to_recordset(${list}::text::json) as c ("imei" text, "day" date)
          on c."imei" = v.imei and c."day" = v.day`;
      const rows = new Map(after.map(({ imei, day, row }) => [`${imei} ${day}`, row]));
      const days = before.map(({ imei, day, row }) => [`${imei} ${day}`, row] as const);
      const differing = days.filter(([name, row]) => rows.get(name) !== row).map(([name]) => name);
      result = { compared: before.length, days: differing };
      throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) throw error;
  }
  return result;
}
