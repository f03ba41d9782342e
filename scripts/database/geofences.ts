import type postgres from "postgres";

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

/** All geofences, by name. */
export async function listGeofences(sql: postgres.Sql): Promise<Listed[]> {
  return sql<Listed[]>`
    select g.name, g.kind, g.enabled,
      case when g.radius_m is null then g.geometry ->> 'type' else 'circle of ' || g.radius_m || ' m' end as shape,
      (select count(*)::int from tracksolid.geofence_visits v where v.geofence_id = g.geofence_id) as visits,
      exists (select from private.dirty_geofences d where d.geofence_id = g.geofence_id) as pending
    from tracksolid.geofences g order by g.name`;
}
