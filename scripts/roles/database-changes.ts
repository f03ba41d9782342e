import type postgres from "postgres";
import { identifier } from "../database/quote.ts";
import type { Change } from "./change.ts";

interface Grant {
  /** Empty for PUBLIC. */
  grantee: string;
  privilege: string;
}

/** Who is there now and would be cut off. */
interface Present {
  name: string;
  why: string;
}

/**
 * What makes the database one that only its own roles may connect to, and the schema `public` one that nobody fills.
 * @param own Roles of the database that log in.
 */
export async function databaseChanges(sql: postgres.TransactionSql, own: string[]): Promise<Change[]> {
  const grants = await sql<(Grant & { database: string })[]>`
    select d.datname as database, coalesce(r.rolname, '') as grantee, a.privilege_type as privilege
    from pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    left join pg_roles r on r.oid = a.grantee
    where d.datname = current_database()`;
  const [row] = await sql<{ name: string }[]>`select current_database() as name`;
  const name = row?.name ?? "";
  const database = `database ${identifier(name)}`;
  const has = (grantee: string, privilege: string) =>
    grants.some((grant) => grant.grantee === grantee && grant.privilege === privilege);

  const connecting = own
    .filter((role) => !has(role, "CONNECT"))
    .map((role) => grant(name, role, "connect", ""));
  if (!grants.some(({ grantee }) => grantee === "")) return [...connecting, ...(await publicSchema(sql))];
  const present = (await readPresent(sql, own)).filter((role) => !has(role.name, "CONNECT"));
  return [
    ...connecting,
    // They keep what they had as anybody.
    ...present.map((role) => grant(name, role.name, "connect, temporary", `, which ${role.why}`)),
    {
      topic: "database",
      line: `database ${name}: no longer open to PUBLIC`,
      statement: `revoke all on ${database} from public`,
    },
    ...(await publicSchema(sql)),
  ];
}

const grant = (database: string, role: string, privileges: string, why: string): Change => ({
  topic: "database",
  line: `database ${database}: ${privileges} for ${role}${why}`,
  statement: `grant ${privileges} on database ${identifier(database)} to ${identifier(role)}`,
});

const readPresent = (sql: postgres.TransactionSql, own: string[]) => sql<Present[]>`
  with own_database as (select oid from pg_database where datname = current_database())
  select r.rolname as name, case when a.connected then 'is connected' else 'owns something in it' end as why
  from pg_roles r, lateral (
    select exists (
      select from pg_stat_activity s join own_database d on d.oid = s.datid where s.usesysid = r.oid
    ) as connected
  ) a
  where r.rolcanlogin and not r.rolsuper and r.rolname <> all(${own}) and (a.connected or exists (
    select from pg_shdepend o, own_database d
    where o.refclassid = 'pg_authid'::regclass and o.refobjid = r.oid and o.deptype = 'o'
      and (o.dbid = d.oid or o.classid = 'pg_database'::regclass and o.objid = d.oid)
  ))
  order by r.rolname`;

async function publicSchema(sql: postgres.TransactionSql): Promise<Change[]> {
  const open = await sql`
    select from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE'`;
  if (open.length === 0) return [];
  return [
    {
      topic: "database",
      line: "schema public: PUBLIC creates nothing in it any more",
      statement: "revoke create on schema public from public",
    },
  ];
}

/** Roles that may connect and are no superusers. */
export async function whoConnects(sql: postgres.TransactionSql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select rolname as name from pg_roles
    where rolcanlogin and not rolsuper and has_database_privilege(oid, current_database(), 'connect')
    order by rolname`;
  return rows.map(({ name }) => name);
}
