import type postgres from "postgres";

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

/**
 * Lets the Worker's roles log in to a local cluster.
 * @param sql A superuser of that cluster.
 */
export async function openLocalRoles(
  sql: postgres.Sql,
  connectionLimit = LOCAL_CONNECTION_LIMIT,
): Promise<void> {
  for (const role of ["ingest_app", "dashboard_ro", "analytics_ro"]) {
    await sql.unsafe(`alter role ${role} password '${LOCAL_PASSWORD}' connection limit ${connectionLimit}`);
  }
}

/** The URLs with which those roles reach a database of the cluster behind `adminUrl`. */
export function localRoleUrls(adminUrl: string): RoleUrls {
  return { ingest: urlAs(adminUrl, "ingest_app"), read: urlAs(adminUrl, "dashboard_ro"), analyst: urlAs(adminUrl, "analytics_ro") };
}

function urlAs(adminUrl: string, role: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = LOCAL_PASSWORD;
  return url.href;
}
