import type postgres from "postgres";
import { type DatabaseRoles, loginRoles } from "./definition.ts";

/** A role that logs in, of whomever. */
export interface FoundRole {
  name: string;
  superuser: boolean;
  /** -1 where it has none; it does not hold for superusers. */
  connectionLimit: number;
  /** In all databases of the server. */
  connections: number;
  /** Whether anything in the server is its own. */
  owns: boolean;
}

/**
 * What is true of a row of pg_stat_activity that is a client. Whoever may not read the activity of others is not told what kind of
 * backend one is, but sees its database, which those of the server have not, and the name that TimescaleDB gives its own.
 */
export const isClient = (sql: postgres.Sql) => sql`
  case when backend_type is null then datid is not null and application_name !~ '^TimescaleDB Background Worker'
    else backend_type = 'client backend' end`;

/** All roles that log in. */
export async function findLoginRoles(sql: postgres.Sql): Promise<FoundRole[]> {
  return sql<FoundRole[]>`
    select r.rolname as name, r.rolsuper as superuser, r.rolconnlimit as "connectionLimit",
      (select count(*)::int from pg_stat_activity where usesysid = r.oid and ${isClient(sql)}) as connections,
      -- What the server came with belongs to its first superuser and is not listed.
      r.oid = 10 or exists (
        select from pg_shdepend o where o.refclassid = 'pg_authid'::regclass and o.refobjid = r.oid and o.deptype = 'o'
      ) as owns
    from pg_roles r where r.rolcanlogin order by r.rolname`;
}

/** How many connections a role may have, in words. */
export function describeLimit({
  superuser,
  connectionLimit,
}: Pick<FoundRole, "superuser" | "connectionLimit">): string {
  if (superuser) return "superuser, no limit holds";
  return connectionLimit === -1 ? "no limit" : `at most ${connectionLimit} connections`;
}

/** Roles that log in and have no password, as far as the connection may know: only a superuser may. */
export async function findWithoutPassword(sql: postgres.Sql, definition: DatabaseRoles): Promise<string[]> {
  const [me] = await sql`select has_table_privilege('pg_authid', 'select') as may_know`;
  if (!me?.may_know) return [];
  const names = loginRoles(definition).map(({ name }) => name);
  const rows = await sql<{ name: string }[]>`
    select rolname as name from pg_authid where rolname = any(${names}) and rolpassword is null order by rolname`;
  return rows.map(({ name }) => name);
}
