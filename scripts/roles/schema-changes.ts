import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import type { Change } from "./change.ts";
import type { DatabaseRoles } from "./definition.ts";

interface Open {
  schema: string;
  /** Empty for PUBLIC. */
  grantee: string;
}

/** What lets nobody make objects in a schema but its owner, and whoever is defined to. */
export async function schemaChanges(
  sql: postgres.TransactionSql,
  { roles, schemas, writers }: DatabaseRoles,
): Promise<Change[]> {
  const open = await sql<Open[]>`
    select distinct n.nspname as schema, coalesce(r.rolname, '') as grantee
    from pg_namespace n cross join aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    left join pg_roles r on r.oid = a.grantee
    where a.privilege_type = 'CREATE' and a.grantee <> n.nspowner and (
      a.grantee = 0 and n.nspname = any(${["public", ...schemas]})
      or r.rolname = any(${roles.map(({ name }) => name)})
        and not (r.rolname = ${writers?.owner ?? ""} and n.nspname = any(${schemas}))
    ) order by 1, 2`;
  return open.map(({ schema, grantee }) => ({
    topic: "database",
    line: `schema ${schema}: ${grantee || "PUBLIC"} creates nothing in it any more`,
    statement: `revoke create on schema ${identifier(schema)} from ${grantee ? `${identifier(grantee)} cascade` : "public"}`,
  }));
}
