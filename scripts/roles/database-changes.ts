import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import type { Change } from "./change.ts";
import { type DatabaseRoles, loginRoles, type RoleDefinition } from "./definition.ts";

interface Grant {
  /** Empty for PUBLIC. */
  grantee: string;
  privilege: string;
  grantable: boolean;
  /** It is the database's owner, who has all and may take it back at any time. */
  owns: boolean;
}

/** Who is there now and would be cut off. */
interface Present {
  name: string;
  why: string;
}

/** What makes the database one that only its own roles may connect to, and no more than that. */
export async function databaseChanges(
  sql: postgres.TransactionSql,
  definition: DatabaseRoles,
): Promise<Change[]> {
  const own = loginRoles(definition).map(({ name }) => name);
  const grants = await sql<Grant[]>`
    select coalesce(r.rolname, '') as grantee, a.privilege_type as privilege, a.is_grantable as grantable,
      a.grantee = d.datdba as owns
    from pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    left join pg_roles r on r.oid = a.grantee
    where d.datname = current_database()`;
  const [row] = await sql<{ name: string }[]>`select current_database() as name`;
  const name = row?.name ?? "";
  const database = `database ${identifier(name)}`;
  const has = (grantee: string, privilege: string) =>
    grants.some((grant) => grant.grantee === grantee && grant.privilege === privilege);

  const changes = [
    ...definition.roles.flatMap((role) => excessOf(role, name, grants)),
    ...own.filter((role) => !has(role, "CONNECT")).map((role) => grant(name, role, "connect", "")),
  ];
  if (!grants.some(({ grantee }) => grantee === "")) return changes;
  // They keep what they had as anybody.
  const publics = ["CONNECT", "TEMPORARY"].filter((privilege) => has("", privilege));
  const kept = (await readPresent(sql, own)).flatMap(({ name: role, why }) => {
    const lost = publics.filter((privilege) => !has(role, privilege));
    return lost.length === 0 ? [] : [grant(name, role, lost.join(", ").toLowerCase(), `, which ${why}`)];
  });
  return [
    ...changes,
    ...kept,
    {
      topic: "database",
      line: `database ${name}: no longer open to PUBLIC`,
      statement: `revoke all on ${database} from public`,
    },
  ];
}

const grant = (database: string, role: string, privileges: string, why: string): Change => ({
  topic: "database",
  line: `database ${database}: ${privileges} for ${role}${why}`,
  statement: `grant ${privileges} on database ${identifier(database)} to ${identifier(role)}`,
});

/** What somebody granted to a role of the database beyond connecting. */
function excessOf(role: RoleDefinition, database: string, grants: Grant[]): Change[] {
  const held = grants.filter(({ grantee, owns }) => grantee === role.name && !owns);
  const allowed = role.kind === "login" ? ["CONNECT"] : [];
  const change = (line: string, words: string): Change => ({
    topic: "database",
    line: `database ${database}: ${line} for ${role.name}`,
    statement: `revoke ${words} on database ${identifier(database)} from ${identifier(role.name)} cascade`,
  });
  const listed = (some: Grant[]) =>
    [...new Set(some.map(({ privilege }) => privilege.toLowerCase()))].join(", ");
  const extra = listed(held.filter(({ privilege }) => !allowed.includes(privilege)));
  const options = listed(held.filter(({ privilege, grantable }) => grantable && allowed.includes(privilege)));
  return [
    ...(extra ? [change(`no longer ${extra}`, extra)] : []),
    ...(options ? [change(`no grant option of ${options}`, `grant option for ${options}`)] : []),
  ];
}

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

/** Roles that may connect and are no superusers. */
export async function whoConnects(sql: postgres.TransactionSql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select rolname as name from pg_roles
    where rolcanlogin and not rolsuper and has_database_privilege(oid, current_database(), 'connect')
    order by rolname`;
  return rows.map(({ name }) => name);
}
