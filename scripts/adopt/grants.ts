import { dotted } from "../../shared/quote.ts";
import type { Found } from "./found.ts";
import type { TableAdoption } from "./table.ts";

const READERS = "dashboard_ro, analytics_ro, backup_ro";

/** Where the earlier system keeps the vendor's token: nobody's to read. */
export const TOKEN_TABLE = "tracksolid.api_token_cache";

/** SQL of what roles may do with what was there, as the default privileges say of what is new. */
export function grantsSql(found: Found, tables: TableAdoption[]): string {
  const adopted = new Set(tables.map(({ name }) => name));
  const hasTriggers = tables.some(({ found: { triggers } }) => triggers.length > 0);
  const others = found.relations.filter(({ name }) => !adopted.has(name) && name !== TOKEN_TABLE);
  return [
    ...[...adopted].flatMap((name) => [
      `grant select, insert, update on ${name} to ingest_app;`,
      `grant select on ${name} to ${READERS};`,
    ]),
    // A dump reads all there is; what else readers may see of theirs is not ours to say.
    ...others.map(({ name }) => `grant select on ${dotted(name)} to backup_ro;`),
    // Their triggers run with the rights of who writes, and mostly write next door.
    ...others
      .filter(({ name, kind }) => hasTriggers && kind === "table" && name.startsWith("tracksolid."))
      .map(({ name }) => `grant select, insert, update on ${dotted(name)} to ingest_app;`),
    ...found.sequences
      .filter(({ table }) => table !== null && adopted.has(table))
      .map(({ name }) => `grant usage on sequence ${name} to ingest_app;`),
    ...found.sequences.map(({ name }) => `grant select on sequence ${name} to backup_ro;`),
    // Whoever only reads it has no business with it.
    ...(found.relations.some(({ name }) => name === TOKEN_TABLE) ? [revokeTokenSql] : []),
  ].join("\n");
}

/** Also from what shows it, and of single columns. */
const revokeTokenSql = `
do $token$
declare
  reader record;
begin
  for reader in
    with shown as (
      select '${TOKEN_TABLE}'::regclass::oid as oid
      union
      select r.ev_class from pg_depend d join pg_rewrite r on r.oid = d.objid
      where d.refobjid = '${TOKEN_TABLE}'::regclass and d.classid = 'pg_rewrite'::regclass
    ), given as (
      select c.oid, c.relowner, a.grantee, a.privilege_type from pg_class c join shown using (oid), aclexplode(c.relacl) a
      union all
      select c.oid, c.relowner, a.grantee, a.privilege_type
      from pg_class c join shown using (oid) join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
    )
    select oid::regclass as relation, grantee, array_agg(privilege_type::text) as privileges
    from given where grantee <> relowner
    group by 1, 2
  loop
    if not reader.privileges && array['INSERT', 'UPDATE'] then
      execute format('revoke all on %s from %s', reader.relation,
        case when reader.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(reader.grantee)) end);
    end if;
  end loop;
end $token$;`;
