import type postgres from "postgres";
import type { DatabaseRoles } from "./definition.ts";

/**
 * Who else has rights of these roles, and what makes them more than they are defined to be, a line each. It is told and left: who is
 * a member may be a service that runs.
 */
export async function findStrangers(
  sql: postgres.TransactionSql,
  { roles, schemas, readers = [] }: DatabaseRoles,
): Promise<string[]> {
  const names = roles.map(({ name }) => name);
  const rows = await sql<{ line: string }[]>`
    select distinct format('%I is a member of %I: revoke %2$I from %1$I', m.rolname, g.rolname) as line
    from pg_auth_members a join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member
    where g.rolname = any(${names}) and m.rolname <> all(${names})
      -- Administrators act for roles that they make.
      and not (m.rolsuper or m.rolcreaterole or m.rolname = current_user)
    union all
    select format('%I owns things in this database: reassign owned by %1$I to somebody else', r.rolname)
    from pg_roles r where r.rolname = any(${readers}) and exists (
      select from pg_shdepend o where o.refclassid = 'pg_authid'::regclass and o.refobjid = r.oid and o.deptype = 'o'
        and o.dbid = (select oid from pg_database where datname = current_database())
    )
    union all
    select format('PUBLIC may change %s: revoke insert, update, delete, truncate on %1$s from public', c.oid::regclass)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${schemas}) and c.relkind in ('r', 'p', 'v', 'm', 'f') and ${readers.length > 0}::boolean
      and exists (
        select from (select c.relacl as acl union all select attacl from pg_attribute where attrelid = c.oid) g
        cross join aclexplode(g.acl) a
        where a.grantee = 0 and a.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
      )
    order by 1`;
  return rows.map(({ line }) => line);
}
