import type postgres from "postgres";
import type { ServerLoad } from "./budget.ts";
import { findLoginRoles } from "./look.ts";

/** How the server is used at this moment. */
export async function readServerLoad(sql: postgres.Sql): Promise<ServerLoad> {
  const [row] = await sql<Omit<ServerLoad, "roles">[]>`
    select current_setting('max_connections')::int as "maxConnections",
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
      (select count(*)::int from pg_stat_activity
        where usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend') as live,
      array(select datname::text from pg_database) as databases`;
  if (!row) throw new Error("The server says nothing of itself.");
  return { ...row, roles: await findLoginRoles(sql) };
}
