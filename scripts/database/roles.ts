import type postgres from "postgres";
import { applyRoles } from "../roles/apply.ts";
import { tracksolid } from "../roles/tracksolid.ts";

/** Password of the product's roles on a throw-away database of this machine. Never used anywhere else. */
const LOCAL_PASSWORD = "local-only";

/** Local Hyperdrive opens a connection for every request instead of pooling them as the real one does. */
const LOCAL_CONNECTION_LIMIT = 45;

/** Connection URLs of a database, one per role that the Worker uses. */
export interface RoleUrls {
  ingest: string;
  read: string;
  analyst: string;
}

const WORKERS_ROLES = { ingest: "ingest_app", read: "dashboard_ro", analyst: "analytics_ro" };

/**
 * Makes a local database as closed as `db:roles` makes others, and lets the Worker's roles log in to it.
 * @param sql A superuser of its cluster.
 */
export async function openLocalRoles(
  sql: postgres.Sql,
  connectionLimit = LOCAL_CONNECTION_LIMIT,
): Promise<void> {
  await applyRoles(sql, tracksolid, { apply: true, rotate: [], withOwner: false, revokeFunctions: false });
  for (const role of Object.values(WORKERS_ROLES)) {
    await sql.unsafe(`alter role ${role} password '${LOCAL_PASSWORD}' connection limit ${connectionLimit}`);
  }
}

/** The URLs with which those roles reach a database of the cluster behind `adminUrl`. */
export function localRoleUrls(adminUrl: string): RoleUrls {
  const { ingest, read, analyst } = WORKERS_ROLES;
  return { ingest: urlAs(adminUrl, ingest), read: urlAs(adminUrl, read), analyst: urlAs(adminUrl, analyst) };
}

function urlAs(adminUrl: string, role: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = LOCAL_PASSWORD;
  return url.href;
}
