import type postgres from "postgres";
import type { DatabaseRoles } from "./definition.ts";

/** What roles see of a schema that is hidden from them, a line each. */
export async function findVisible(
  sql: postgres.TransactionSql,
  { hidden }: DatabaseRoles,
): Promise<string[]> {
  if (!hidden) return [];
  const rows = [
    ...(await readGranted(sql, hidden)),
    ...(await readViews(sql, hidden)),
    ...(await readDefiners(sql, hidden)),
  ];
  return rows.map(({ role, seen }) => `${role}: ${seen}`);
}

type Hidden = NonNullable<DatabaseRoles["hidden"]>;

interface Seen {
  role: string;
  seen: string;
}

/** Without usage on the schema a grant on a thing in it is of no use, yet. */
const readGranted = (sql: postgres.TransactionSql, { schema, from }: Hidden) => sql<Seen[]>`
  with n as (select * from pg_namespace where nspname = ${schema}), r as (select * from pg_roles where rolname = any(${from}))
  select r.rolname as role, 'usage on schema ' || n.nspname as seen
  from n, r where has_schema_privilege(r.oid, n.oid, 'usage')
  union all
  select r.rolname, 'a grant on ' || n.nspname || '.' || c.relname
  from n join pg_class c on c.relnamespace = n.oid, r
  where case
    when c.relkind in ('r', 'p', 'v', 'm', 'f') then
      has_any_column_privilege(r.oid, c.oid, 'select, insert, update, references')
      or has_table_privilege(r.oid, c.oid, 'delete, truncate, trigger')
    when c.relkind = 'S' then has_sequence_privilege(r.oid, c.oid, 'select, usage, update')
  end
  union all
  -- Everybody may call a function by default; what counts is who was named.
  select distinct r.rolname, 'a grant on function ' || n.nspname || '.' || p.proname
  from n join pg_proc p on p.pronamespace = n.oid cross join aclexplode(p.proacl) a join r on r.oid = a.grantee
  order by 1, 2`;

/** Views outside that read what is inside, or another such view, with the rights of their owner. */
const readViews = (sql: postgres.TransactionSql, { schema, from }: Hidden) => sql<Seen[]>`
  with recursive telling as (
    (
      select c.oid, c.relnamespace from pg_class c where c.relnamespace = to_regnamespace(${schema})
      union all
      select v.oid, v.relnamespace
      from pg_proc p
      join pg_depend d on d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid and d.classid = 'pg_rewrite'::regclass
      join pg_rewrite w on w.oid = d.objid
      join pg_class v on v.oid = w.ev_class
      where p.prosecdef and p.pronamespace = to_regnamespace(${schema})
    )
    union
    select v.oid, v.relnamespace
    from telling t
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite w on w.oid = d.objid
    join pg_class v on v.oid = w.ev_class and v.relkind in ('v', 'm')
    where not coalesce(v.reloptions && array['security_invoker=true', 'security_invoker=on'], false)
  )
  select r.rolname as role, t.oid::regclass || ', a view of schema ' || ${schema}::text as seen
  from telling t, pg_roles r
  where t.relnamespace <> to_regnamespace(${schema}) and r.rolname = any(${from})
    and has_schema_privilege(r.oid, t.relnamespace, 'usage') and has_any_column_privilege(r.oid, t.oid, 'select')
  order by 1, 2`;

/** Functions outside that run as somebody who sees what is inside; what they do with it only a person can say. */
const readDefiners = (sql: postgres.TransactionSql, { schema, from }: Hidden) => sql<Seen[]>`
  select r.rolname as role,
    p.oid::regprocedure || ', which runs as ' || pg_get_userbyid(p.proowner) || ', who sees schema ' || ${schema}::text as seen
  from pg_proc p, pg_roles r
  where p.prosecdef and r.rolname = any(${from}) and p.pronamespace <> to_regnamespace(${schema})
    -- Nobody can call those of triggers.
    and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    and has_schema_privilege(p.proowner, to_regnamespace(${schema}), 'usage')
    and has_schema_privilege(r.oid, p.pronamespace, 'usage') and has_function_privilege(r.oid, p.oid, 'execute')
    and not exists (
      select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
    )
  order by 1, 2`;
