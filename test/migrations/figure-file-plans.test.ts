import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";
import { nodesOf, type PlanNode } from "../setup/plans.ts";

const LINES = 100;

it("reads for a page of distances by vehicle no more days than it has lines, and those before", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  await sql`
    insert into tracksolid.devices (imei, facts_at, created_at, changed_at)
    select (860000000000000 + v)::text, now(), now(), now() from generate_series(1, 150) v`;
  await sql`
    insert into reporting.vehicle_day (imei, day, moving_s, idling_s, parked_s, unknown_s, odometer_breaks, fixes, trips, alarms,
      speeding_events, harsh_events, distance_km, distance_source)
    select (860000000000000 + v)::text, '2026-01-01'::date + d, 60, 0, 0, 86340, 0, 9, 1, 0, 0, 0, 1, 'gps'
    from generate_series(1, 150) v, generate_series(0, 61) d`;
  await sql`vacuum analyze tracksolid.devices, reporting.vehicle_day`;
  const text = await readFile("workers/api/analytics/distance-daily-file.sql", "utf8");
  const rowsOf = (node: PlanNode) =>
    (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
  for (const after of [
    [null, null],
    ["2026-02-20", "860000000000100"],
  ]) {
    const parameters = ["2026-02-01", "2026-03-03", "2026-01-01", "{}", null, ...after, LINES];
    const [row] = await sql.unsafe(`explain (analyze, format json) ${text}`, parameters);
    const nodes = nodesOf(row?.["QUERY PLAN"][0].Plan);
    const read = nodes.filter((node) => node["Relation Name"] === "vehicle_day");
    expect(read.map(rowsOf).reduce((sum, rows) => sum + rows, 0)).toBe(2 * LINES);
    // Nor are lines made to be thrown away: of two days at most.
    expect(Math.max(...nodes.map(rowsOf))).toBeLessThanOrEqual(2 * 150);
  }
});
