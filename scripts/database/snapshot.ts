import type postgres from "postgres";
import { analystParts } from "../roles/analysts.ts";
import { SCHEMAS } from "./dictionary.ts";

/** Roles that have some of what another has: told with that one. */
const PARTS = analystParts.map(({ name }) => name);

/**
 * The schema as readable SQL-like text, read back from the catalogs and in a fixed order, so that a
 * migration, or a change of the roles, shows as a diff: tables, columns, keys, indexes, triggers, views, functions, comments, and who
 * may do what. TimescaleDB's own objects are left out: the text is the same on a plain Postgres.
 */
export async function describeSchema(sql: postgres.Sql): Promise<string> {
  const sections = [
    "-- The schema after all migrations. Written by `npm run db:snapshot`; a test compares it.",
    ...(await describeRoles(sql)),
    ...(await describeTables(sql)),
    ...(await describeDefinitions(sql)),
    ...(await describeDefaultPrivileges(sql)),
  ];
  return `${sections.join("\n\n")}\n`;
}

async function describeRoles(sql: postgres.Sql): Promise<string[]> {
  // Limits are left out: a local cluster raises some of them.
  const roles = await sql<{ line: string }[]>`
    select 'role ' || r.rolname || ': '
      || array_to_string(array_remove(array[
           case when r.rolcanlogin then 'login' end, case when r.rolsuper then 'SUPERUSER' end,
           case when r.rolcreatedb then 'CREATEDB' end, case when r.rolcreaterole then 'CREATEROLE' end], null), ', ')
      || coalesce('; ' || array_to_string(array(select unnest(s.setconfig) order by 1), '; '), '') as line
    from pg_roles r left join pg_db_role_setting s on s.setrole = r.oid and s.setdatabase = 0
    where r.rolname in ('tracksolid_owner', 'ingest_app', 'dashboard_ro', 'analytics_ro', 'backup_ro')
    order by r.rolname`;
  return [roles.map(({ line }) => `-- ${line}`).join("\n")];
}

async function describeTables(sql: postgres.Sql): Promise<string[]> {
  const tables = await sql<
    { oid: number; name: string; owner: string; comment: string | null; acl: string }[]
  >`
    select c.oid, n.nspname || '.' || c.relname as name, pg_get_userbyid(c.relowner) as owner,
      obj_description(c.oid, 'pg_class') as comment,
      coalesce((select string_agg(grantee || ': ' || privileges, '; ' order by grantee) from (
        select pg_get_userbyid(a.grantee) as grantee, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as privileges
        from aclexplode(c.relacl) a where a.grantee <> c.relowner and pg_get_userbyid(a.grantee) <> all(${PARTS}) group by 1) g), 'nobody else') as acl
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${SCHEMAS}) and c.relkind in ('r', 'p')
    order by 2`;
  return Promise.all(
    tables.map(async ({ oid, name, owner, comment, acl }) => {
      const [columns, constraints, indexes, triggers] = await Promise.all([
        sql<{ line: string }[]>`
          select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || case when a.attnotnull then ' not null' else '' end
            || case when a.attgenerated <> '' then ' generated as ' || pg_get_expr(d.adbin, d.adrelid)
                    when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
            || coalesce('  -- ' || col_description(a.attrelid, a.attnum), '') as line
          from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
        sql<{ line: string }[]>`
          select conname || ': ' || pg_get_constraintdef(oid) as line
          from pg_constraint where conrelid = ${oid} and contype <> 'n' order by conname`,
        sql<{ line: string }[]>`
          select pg_get_indexdef(indexrelid) as line from pg_index i
          where indrelid = ${oid} and not exists (select from pg_constraint where conindid = i.indexrelid)
          order by 1`,
        sql<{ line: string }[]>`
          select pg_get_triggerdef(oid) as line from pg_trigger
          where tgrelid = ${oid} and not tgisinternal and tgname not like 'ts\\_%' order by 1`,
      ]);
      return [
        `-- ${comment ?? "NO COMMENT"}`,
        `-- owner ${owner}; ${acl}`,
        `table ${name}`,
        ...[...columns, ...constraints, ...indexes, ...triggers].map(({ line }) => `  ${line}`),
      ].join("\n");
    }),
  );
}

async function describeDefinitions(sql: postgres.Sql): Promise<string[]> {
  const definitions = await sql<{ text: string }[]>`
    select '-- ' || coalesce(obj_description(c.oid, 'pg_class'), 'NO COMMENT') || e'\nview ' || n.nspname || '.' || c.relname
      || e' as\n' || pg_get_viewdef(c.oid, true) as text, n.nspname, c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${SCHEMAS}) and c.relkind in ('v', 'm')
    union all
    select '-- ' || coalesce(obj_description(p.oid, 'pg_proc'), 'NO COMMENT') || e'\n' || pg_get_functiondef(p.oid), n.nspname, p.proname
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = any(${SCHEMAS})
    order by nspname, name`;
  return definitions.map(({ text }) => text.trimEnd());
}

async function describeDefaultPrivileges(sql: postgres.Sql): Promise<string[]> {
  const privileges = await sql<{ line: string }[]>`
    select n.nspname || ' ' || pg_get_userbyid(a.grantee) || ': '
      || string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as line
    from pg_default_acl d join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
    where n.nspname = any(${SCHEMAS}) and d.defaclobjtype = 'r' and a.grantee <> d.defaclrole
      and pg_get_userbyid(a.grantee) <> all(${PARTS})
    group by n.nspname, a.grantee order by 1`;
  return [["-- future tables", ...privileges.map(({ line }) => `-- ${line}`)].join("\n")];
}
