import type postgres from "postgres";
import type { Geofence } from "./properties.ts";

/** A connection, or a transaction on it. */
type Sql = postgres.Sql | postgres.TransactionSql;

/** What is wrong with a geometry, in words. */
export interface GeometryProblem {
  /** Which of them, from 1. */
  number: number;
  name: string;
  problem: string;
}

/** What the database has against geometries. */
export const geometryProblems = (sql: Sql, fences: Geofence[]) => sql<GeometryProblem[]>`
  select f.number::int, f.fence ->> 'name' as name, problem
  from jsonb_array_elements(${JSON.stringify(fences)}::text::jsonb) with ordinality as f (fence, number)
  cross join lateral tracksolid.fn_geofence_problem(
    f.fence -> 'geometry', (f.fence ->> 'radiusM')::double precision
  ) as problem
  where problem is not null order by f.number`;

/** Adds geofences whose names are new. @returns those that were added */
export const addGeofences = (sql: Sql, fences: Geofence[]) => sql<{ id: number; name: string }[]>`
  insert into tracksolid.geofences (name, kind, geometry, radius_m, enabled, rejoin_s, min_stay_s)
  select name, kind, geometry, "radiusM", coalesce(enabled, true), coalesce("rejoinS", 120), coalesce("minStayS", 60)
  from json_to_recordset(${JSON.stringify(fences)}::text::json) as f (
    name text, kind text, geometry jsonb, "radiusM" double precision, enabled boolean, "rejoinS" int, "minStayS" int
  )
  order by name
  on conflict (name) do nothing
  returning geofence_id as id, name`;

/**
 * Changes geofences, each that of its name, or that of its `id`, which may get another name. What is as it should be is not
 * written. @returns those that changed
 */
export const changeGeofences = (sql: Sql, by: "name" | "id", fences: (Geofence & { id?: number })[]) => sql<
  { name: string }[]
>`
  update tracksolid.geofences g set
    name = f.name, kind = f.kind, geometry = f.geometry, radius_m = f."radiusM", enabled = coalesce(f.enabled, g.enabled),
    rejoin_s = coalesce(f."rejoinS", g.rejoin_s), min_stay_s = coalesce(f."minStayS", g.min_stay_s)
  from json_to_recordset(${JSON.stringify(fences)}::text::json) as f (
    id int, name text, kind text, geometry jsonb, "radiusM" double precision, enabled boolean, "rejoinS" int, "minStayS" int
  )
  where ${by === "id" ? sql`g.geofence_id = f.id` : sql`g.name = f.name`}
    and (g.name, g.kind, g.geometry, g.radius_m, g.enabled, g.rejoin_s, g.min_stay_s) is distinct from (
      f.name, f.kind, f.geometry, f."radiusM", coalesce(f.enabled, g.enabled), coalesce(f."rejoinS", g.rejoin_s),
      coalesce(f."minStayS", g.min_stay_s)
    )
  returning g.name`;

/** Removes a geofence with its visits. @returns how many visits; null where there is no such geofence */
export async function removeGeofence(
  sql: Sql,
  one: { name: string } | { id: number },
): Promise<number | null> {
  const [row] = await sql<{ visits: number }[]>`
    with gone as (
      delete from tracksolid.geofences
      where ${"id" in one ? sql`geofence_id = ${one.id}` : sql`name = ${one.name}`}
      returning geofence_id
    )
    select (
      select count(*)::int from tracksolid.geofence_visits v where v.geofence_id = gone.geofence_id
    ) as visits from gone`;
  return row?.visits ?? null;
}
