import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import type { Change } from "./change.ts";

interface Schema {
  schema: string;
  usage: boolean;
  /** How many of each the group cannot use yet. */
  tables: number;
  sequences: number;
  functions: number;
  /** Who has the schema or anything in it, and so will make what is new. */
  owners: string[];
  /** Of those, whose new tables, sequences and functions the group gets already. */
  settled: string[];
}

/** PUBLIC stands in for a group that is not there yet. */
const readSchemas = (sql: postgres.TransactionSql, group: string, schemas: string[]) => sql<Schema[]>`
  with member as (select coalesce((select oid from pg_roles where rolname = ${group}), 0) as oid),
  present as (select n.* from pg_namespace n where n.nspname = any(${schemas})),
  defaults as (
    select d.defaclnamespace, d.defaclrole, d.defaclobjtype::text || a.privilege_type as privilege
    from pg_default_acl d, aclexplode(d.defaclacl) a, member where a.grantee = member.oid
  )
  select n.nspname as schema, has_schema_privilege(member.oid, n.oid, 'usage') as usage,
    (select count(*)::int from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f') and not (
      has_table_privilege(member.oid, c.oid, 'select') and has_table_privilege(member.oid, c.oid, 'insert')
      and has_table_privilege(member.oid, c.oid, 'update') and has_table_privilege(member.oid, c.oid, 'delete')
    )) as tables,
    (select count(*)::int from pg_class c where c.relnamespace = n.oid and c.relkind = 'S' and not (
      has_sequence_privilege(member.oid, c.oid, 'usage') and has_sequence_privilege(member.oid, c.oid, 'select')
    )) as sequences,
    (select count(*)::int from pg_proc p where p.pronamespace = n.oid
      and not has_function_privilege(member.oid, p.oid, 'execute')) as functions,
    array(
      select pg_get_userbyid(owner) from (
        select n.nspowner as owner union select relowner from pg_class where relnamespace = n.oid
        union select proowner from pg_proc where pronamespace = n.oid
      ) o order by 1
    ) as owners,
    array(
      select pg_get_userbyid(d.defaclrole) from defaults d where d.defaclnamespace = n.oid group by d.defaclrole
      having array_agg(d.privilege) @> array['rSELECT', 'rINSERT', 'rUPDATE', 'rDELETE', 'SUSAGE', 'SSELECT', 'fEXECUTE']
    ) as settled
  from present n, member order by n.nspname`;

/**
 * What lets a group read and write all rows of the schemas, those of later tables too.
 * @param owner Who will make things there, too, where that role is wanted.
 */
export async function groupChanges(
  sql: postgres.TransactionSql,
  group: string,
  schemas: string[],
  owner: string | null,
): Promise<Change[]> {
  const found = await readSchemas(sql, group, schemas);
  return [
    ...found.flatMap((schema) => grantsOn(schema, group, owner)),
    ...(owner === null ? [] : await ownerChanges(sql, owner, schemas)),
  ];
}

function grantsOn(found: Schema, group: string, owner: string | null): Change[] {
  const { schema, usage, tables, sequences, functions } = found;
  const [to, inSchema] = [`to ${identifier(group)}`, `in schema ${identifier(schema)}`];
  const rows = "select, insert, update, delete";
  const change = (wanted: boolean, line: string, statement: string): Change[] =>
    wanted ? [{ topic: "database", line: `schema ${schema}: ${line} for ${group}`, statement }] : [];
  const owners = owner === null ? found.owners : [...new Set([...found.owners, owner])];
  return [
    ...change(!usage, "usage", `grant usage on schema ${identifier(schema)} ${to}`),
    ...change(tables > 0, `${rows} on ${tables} tables`, `grant ${rows} on all tables ${inSchema} ${to}`),
    ...change(
      sequences > 0,
      `usage, select on ${sequences} sequences`,
      `grant usage, select on all sequences ${inSchema} ${to}`,
    ),
    ...change(
      functions > 0,
      `execute on ${functions} functions and procedures`,
      `grant execute on all routines ${inSchema} ${to}`,
    ),
    ...owners.flatMap((maker) => {
      const defaults = `alter default privileges for role ${identifier(maker)} ${inSchema}`;
      return change(
        !found.settled.includes(maker),
        `the same on what ${maker} makes later,`,
        `${defaults} grant ${rows} on tables ${to}; ${defaults} grant usage, select on sequences ${to};
         ${defaults} grant execute on routines ${to}`,
      );
    }),
  ];
}

async function ownerChanges(
  sql: postgres.TransactionSql,
  owner: string,
  schemas: string[],
): Promise<Change[]> {
  const closed = await sql<{ schema: string }[]>`
    select nspname as schema from pg_namespace
    where nspname = any(${schemas}) and not exists (
      select from pg_roles r where r.rolname = ${owner} and has_schema_privilege(r.oid, pg_namespace.oid, 'create')
    ) order by 1`;
  return closed.map(({ schema }) => ({
    topic: "database",
    line: `schema ${schema}: usage, create for ${owner}`,
    statement: `grant usage, create on schema ${identifier(schema)} to ${identifier(owner)}`,
  }));
}
