import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import type { Change } from "./change.ts";
import type { PartRole } from "./definition.ts";

/** What lets roles that others become read what these may in some schemas, what comes later too, and nothing else. */
export async function partChanges(sql: postgres.TransactionSql, parts: PartRole[]): Promise<Change[]> {
  if (parts.length === 0) return [];
  return [...(await readRights(sql, parts)).map(ofRights), ...(await readLater(sql, parts)).map(ofLater)];
}

/** Rights that a part lacks, or that somebody gave it. */
interface Rights {
  role: string;
  schema: string;
  taken: boolean;
  right: "usage" | "select" | "execute";
  kind: "schema" | "table" | "routine";
  /** On what, as SQL. */
  names: string[];
}

function ofRights({ role, schema, taken, right, kind, names }: Rights): Change {
  const [first = ""] = names;
  const on = names.length === 1 ? `${kind} ${first}` : `${names.length} ${kind}s of schema ${schema}`;
  return change(role, taken, `${right} on ${on}`, "", `${right} on ${kind} ${names.join(", ")}`);
}

/** The same of things that are yet to come. */
interface Later {
  role: string;
  schema: string;
  taken: boolean;
  /** Who will make them. */
  maker: string;
  right: "select" | "execute";
  things: "tables" | "routines";
}

function ofLater({ role, schema, taken, maker, right, things }: Later): Change {
  const line = `${right} on ${things} that ${maker} makes later in schema ${schema}`;
  const defaults = `alter default privileges for role ${identifier(maker)} in schema ${identifier(schema)} `;
  return change(role, taken, line, defaults, `${right} on ${things}`);
}

const change = (role: string, taken: boolean, line: string, before: string, rights: string): Change => ({
  topic: "database",
  line: `${role}: ${taken ? "no longer " : ""}${line}`,
  statement: taken
    ? `${before}revoke ${rights} from ${identifier(role)} cascade`
    : `${before}grant ${rights} to ${identifier(role)}`,
});

/**
 * The parts with the roles that they are of, and the schemas that count. PUBLIC stands in for a role that is not there yet. What
 * extensions have is left to them: TimescaleDB gives chunks the rights of their table.
 */
const partsAndSchemas = (sql: postgres.TransactionSql, parts: PartRole[]) => sql`
  part as (
    select p.name, p.schemas, array(select to_regclass(b)::oid from unnest(p.beside) b) as beside, coalesce(r.oid, 0) as oid,
      whole.oid as whole
    from jsonb_to_recordset(${sql.json(parts.map((part) => ({ ...part })))})
      p (name text, "of" text, schemas text[], beside text[])
    join pg_roles whole on whole.rolname = p."of" left join pg_roles r on r.rolname = p.name
  ), space as (
    select n.* from pg_namespace n
    where n.nspname !~ '^(pg_|information_schema$)' and not exists (
      select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'
    )
  )`;

/** What was granted to a role itself or to PUBLIC counts, and nothing that it has of a group which it is about to lose. */
const readRights = (sql: postgres.TransactionSql, parts: PartRole[]) => sql<Rights[]>`
  with ${partsAndSchemas(sql, parts)}, thing as (
    select nspname as schema, 'usage' as right, 'schema' as kind, quote_ident(nspname) as name, null::oid as table, nspacl as acl
    from space
    union all
    select n.nspname, 'select', 'table', c.oid::regclass::text, c.oid, c.relacl
    from space n join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select n.nspname, 'execute', 'routine', f.oid::regprocedure::text, null, coalesce(f.proacl, acldefault('f', f.proowner))
    from space n join pg_proc f on f.pronamespace = n.oid
  ), compared as (
    select p.name as role, t.*, g.had, g.own or exists (
      select from pg_attribute c cross join aclexplode(c.attacl) a
      where c.attrelid = t.table and a.grantee = p.oid and a.privilege_type = 'SELECT'
    ) as own, g.whole and (t.schema = any(p.schemas) or t.table = any(p.beside)) as wanted
    from part p cross join thing t cross join lateral (
      select coalesce(bool_or(a.grantee in (p.whole, 0)), false) as whole, coalesce(bool_or(a.grantee in (p.oid, 0)), false) as had,
        coalesce(bool_or(a.grantee = p.oid and p.oid <> 0), false) as own
      from aclexplode(t.acl) a where a.privilege_type = upper(t.right)
    ) g
  )
  select role, schema, own as taken, "right", kind, array_agg(name order by name) as names
  from compared where wanted and not had or own and not wanted
  group by role, schema, own, "right", kind
  order by role, taken desc, schema, "right" desc`;

const readLater = (sql: postgres.TransactionSql, parts: PartRole[]) => sql<Later[]>`
  with ${partsAndSchemas(sql, parts)}, later as (
    select p.name as role, n.nspname as schema, d.defaclrole as maker, a.privilege_type as right,
      n.nspname = any(p.schemas) and bool_or(a.grantee = p.whole) as wanted, bool_or(a.grantee = p.oid) as had
    from part p cross join space n join pg_default_acl d on d.defaclnamespace = n.oid cross join aclexplode(d.defaclacl) a
    where (d.defaclobjtype, a.privilege_type) in (('r', 'SELECT'), ('f', 'EXECUTE'))
    group by 1, 2, 3, 4, p.schemas
  )
  select role, schema, had as taken, pg_get_userbyid(maker) as maker, lower("right") as right,
    case "right" when 'SELECT' then 'tables' else 'routines' end as things
  from later where wanted <> had
  order by role, taken desc, schema, maker, "right" desc`;
