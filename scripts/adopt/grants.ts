import type { Found } from "./found.ts";
import { dotted } from "./owners.ts";
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
    ...others.map(({ name }) => `grant select on ${dotted(name)} to ${READERS};`),
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

const revokeTokenSql = `
do $token$
declare
  reader record;
begin
  for reader in
    select a.grantee, array_agg(a.privilege_type::text) as privileges
    from pg_class c, aclexplode(c.relacl) a
    where c.oid = '${TOKEN_TABLE}'::regclass and a.grantee <> c.relowner
    group by 1
  loop
    if not reader.privileges && array['INSERT', 'UPDATE'] then
      execute format('revoke all on ${TOKEN_TABLE} from %s',
        case when reader.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(reader.grantee)) end);
    end if;
  end loop;
end $token$;`;
