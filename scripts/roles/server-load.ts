import type postgres from "postgres";
import type { FoundDatabase, ServerLoad } from "./budget.ts";
import { findLoginRoles, isClient } from "./look.ts";

/** How the server is used at this moment. */
export async function readServerLoad(sql: postgres.Sql): Promise<ServerLoad> {
  const [row] = await sql<Omit<ServerLoad, "roles" | "databases">[]>`
    select current_setting('max_connections')::int as "maxConnections",
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
      (select count(*)::int from pg_stat_activity where ${isClient(sql)}) as live`;
  if (!row) throw new Error("The server says nothing of itself.");
  const databases = await sql<FoundDatabase[]>`
    select d.datname as name, d.datconnlimit as "connectionLimit", array(
      select r.rolname from aclexplode(d.datacl) a join pg_roles r on r.oid = a.grantee where a.privilege_type = 'CONNECT'
    ) as admitted
    from pg_database d order by d.datname`;
  return { ...row, databases, roles: await findLoginRoles(sql) };
}
