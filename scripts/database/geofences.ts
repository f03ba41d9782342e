import type postgres from "postgres";
import type { Geofence } from "../../shared/geofences/properties.ts";
import { addGeofences, changeGeofences, geometryProblems } from "../../shared/geofences/write.ts";
import { type FileGeofence, featureName } from "./geofence-file.ts";
import { inTransaction } from "./transaction.ts";

/** What an import does, or would do, by name. */
export interface Imported {
  added: string[];
  changed: string[];
  /** Visits to them that cannot be computed anew: they began before the oldest position that is kept of their vehicle. */
  lostVisits: number;
}

/** A geofence as it is listed. */
export interface Listed {
  name: string;
  kind: string;
  shape: string;
  enabled: boolean;
  visits: number;
  /** Its visits are yet to be computed for the whole past. */
  pending: boolean;
}

/** What is wrong with geometries, by feature. */
export async function problemsOf(sql: postgres.Sql, fences: FileGeofence[]): Promise<string[]> {
  const problems = await geometryProblems(sql, fences);
  return problems.map(({ number, name, problem }) => {
    return `${featureName(fences[number - 1]?.number ?? number, name)}: ${problem}`;
  });
}

/** Adds geofences and changes those of the same name, all or none. What is as it should be is not written. */
export function importGeofences(sql: postgres.Sql, fences: Geofence[], apply: boolean): Promise<Imported> {
  return inTransaction(sql, apply, async (tx) => {
    const lostVisits = await countLost(tx, JSON.stringify(fences));
    const changed = await changeGeofences(tx, "name", fences);
    const added = await addGeofences(tx, fences);
    const names = (rows: { name: string }[]) => rows.map(({ name }) => name).sort();
    return { added: names(added), changed: names(changed), lostVisits };
  });
}

/** As the trigger has it, visits go where the shape changes, or what a visit is. */
async function countLost(tx: postgres.TransactionSql, list: string): Promise<number> {
  const [row] = await tx<{ lost: number }[]>`
    with concerned as materialized (
      select v.imei, v.entered_at
      from json_to_recordset(${list}::text::json) as f (
        name text, geometry jsonb, "radiusM" double precision, enabled boolean, "rejoinS" int
      )
      join tracksolid.geofences g on g.name = f.name
      join tracksolid.geofence_visits v on v.geofence_id = g.geofence_id
      where (g.geometry, g.radius_m, g.enabled, g.rejoin_s) is distinct from (
        f.geometry, f."radiusM", coalesce(f.enabled, g.enabled), coalesce(f."rejoinS", g.rejoin_s)
      )
    ), kept as (
      select imei, (
        select min(h.gps_time) from tracksolid.position_history h where h.imei = c.imei
      ) as first_fix
      from (select distinct imei from concerned) c
    )
    select count(*)::int as lost from concerned c join kept k on k.imei = c.imei
    where c.entered_at < k.first_fix or k.first_fix is null`;
  return row?.lost ?? 0;
}

/** All geofences, by name. */
export async function listGeofences(sql: postgres.Sql): Promise<Listed[]> {
  return sql<Listed[]>`
    select g.name, g.kind, g.enabled,
      case when g.radius_m is null then g.geometry ->> 'type' else 'circle of ' || g.radius_m || ' m' end as shape,
      (select count(*)::int from tracksolid.geofence_visits v where v.geofence_id = g.geofence_id) as visits,
      exists (select from private.dirty_geofences d where d.geofence_id = g.geofence_id) as pending
    from tracksolid.geofences g order by g.name`;
}
