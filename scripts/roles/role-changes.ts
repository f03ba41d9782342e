import type postgres from "postgres";
import { identifier, literal } from "../database/quote.ts";
import type { Change } from "./change.ts";
import type { RoleDefinition, SessionSetting } from "./definition.ts";
import { scramVerifier } from "./password.ts";

/** A role as the server has it. */
interface ServerRole {
  name: string;
  login: boolean;
  connection_limit: number;
  /** Attributes nobody of ours may have, as `alter role` calls them. */
  powers: string[];
  settings: Record<string, string>;
  /** Settings that hold in this database only, and hide those. */
  overrides: string[];
  database: string;
  groups: { name: string; grantor: string }[];
}

const readRoles = (sql: postgres.TransactionSql, names: string[]) => sql<ServerRole[]>`
  select r.rolname as name, r.rolcanlogin as login, r.rolconnlimit as connection_limit,
    array_remove(array[
      case when r.rolsuper then 'superuser' end, case when r.rolcreatedb then 'createdb' end,
      case when r.rolcreaterole then 'createrole' end, case when r.rolreplication then 'replication' end,
      case when r.rolbypassrls then 'bypassrls' end
    ], null) as powers,
    coalesce((
      select json_object_agg(split_part(c, '=', 1), substr(c, strpos(c, '=') + 1))
      from pg_db_role_setting s, unnest(s.setconfig) c where s.setrole = r.oid and s.setdatabase = 0
    ), '{}') as settings,
    array(
      select split_part(c, '=', 1) from pg_db_role_setting s, unnest(s.setconfig) c
      where s.setrole = r.oid and s.setdatabase = (select oid from pg_database where datname = current_database())
    ) as overrides,
    current_database() as database,
    coalesce((
      select json_agg(json_build_object('name', g.rolname, 'grantor', pg_get_userbyid(m.grantor)))
      from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid
    ), '[]') as groups
  from pg_roles r where r.rolname = any(${names})`;

/**
 * What makes the roles themselves as they are defined.
 * @param passwords New ones, by role: a role without gets none, or keeps what it has.
 */
export async function roleChanges(
  sql: postgres.TransactionSql,
  roles: RoleDefinition[],
  passwords: ReadonlyMap<string, string>,
): Promise<Change[]> {
  const known = await readRoles(
    sql,
    roles.map(({ name }) => name),
  );
  const [version] = await sql<
    { number: number }[]
  >`select current_setting('server_version_num')::int as number`;
  // Before 16 a membership has no grantor that counts.
  const namesGrantor = (version?.number ?? 0) >= 160_000;
  return roles.flatMap((role) => {
    const existing = known.find(({ name }) => name === role.name);
    return [
      ...(existing ? attributeChanges(role, existing, passwords) : [creation(role, passwords)]),
      ...settingChanges(role, existing),
      ...membershipChanges(role, existing, namesGrantor),
    ];
  });
}

function creation(role: RoleDefinition, passwords: ReadonlyMap<string, string>): Change {
  const powerless = "nosuperuser nocreatedb nocreaterole noreplication nobypassrls";
  const password = passwords.get(role.name);
  const login =
    role.kind === "login"
      ? `login connection limit ${role.connectionLimit}${password ? ` password ${literal(scramVerifier(password))}` : ""}`
      : "nologin";
  const words =
    role.kind === "login" ? `at most ${role.connectionLimit} connections, a password of its own` : "a group";
  return {
    topic: "role",
    ...(password ? { passwordOf: role.name } : {}),
    line: `create role ${role.name} (${words}): ${role.purpose}`,
    statement: `create role ${identifier(role.name)} ${powerless} ${login}`,
  };
}

function attributeChanges(
  role: RoleDefinition,
  existing: ServerRole,
  passwords: ReadonlyMap<string, string>,
): Change[] {
  const alter = (line: string, words: string): Change => ({
    topic: "role",
    line: `${role.name}: ${line}`,
    statement: `alter role ${identifier(role.name)} ${words}`,
  });
  const changes = existing.powers.map((power) => alter(`no longer ${power}`, `no${power}`));
  if (role.kind === "group") return existing.login ? [...changes, alter("no login", "nologin")] : changes;
  if (!existing.login) changes.push(alter("login", "login"));
  if (existing.connection_limit !== role.connectionLimit) {
    const before = existing.connection_limit === -1 ? "any number" : existing.connection_limit;
    changes.push(
      alter(
        `at most ${role.connectionLimit} connections instead of ${before}`,
        `connection limit ${role.connectionLimit}`,
      ),
    );
  }
  const password = passwords.get(role.name);
  if (password) {
    const words = `password ${literal(scramVerifier(password))}`;
    changes.push({ ...alter("a new password", words), passwordOf: role.name });
  }
  return changes;
}

function settingChanges(role: RoleDefinition, existing: ServerRole | undefined): Change[] {
  if (role.kind === "group") return [];
  const name = identifier(role.name);
  return Object.entries(role.settings).flatMap(([setting, value]) => {
    const changes: Change[] = [];
    const before = existing?.settings[setting as SessionSetting];
    if (before !== value) {
      changes.push({
        topic: "role",
        line: `${role.name}: ${setting} ${value}${before === undefined ? "" : ` instead of ${before}`}`,
        statement: `alter role ${name} set ${setting} = ${literal(value)}`,
      });
    }
    if (existing?.overrides.includes(setting)) {
      changes.push({
        topic: "role",
        line: `${role.name}: ${setting} no longer different in this database`,
        statement: `alter role ${name} in database ${identifier(existing.database)} reset ${setting}`,
      });
    }
    return changes;
  });
}

function membershipChanges(
  role: RoleDefinition,
  existing: ServerRole | undefined,
  namesGrantor: boolean,
): Change[] {
  const wanted = role.kind === "login" ? role.memberOf : [];
  const groups = existing?.groups ?? [];
  const missing = wanted.filter((group) => !groups.some(({ name }) => name === group));
  const extra = groups.filter(({ name }) => !wanted.includes(name));
  return [
    ...missing.map((group) => ({
      topic: "role" as const,
      line: `${role.name}: member of ${group}`,
      statement: `grant ${identifier(group)} to ${identifier(role.name)}`,
    })),
    ...extra.map(({ name, grantor }) => ({
      topic: "role" as const,
      line: `${role.name}: no longer member of ${name}`,
      statement: `revoke ${identifier(name)} from ${identifier(role.name)}${namesGrantor ? ` granted by ${identifier(grantor)}` : ""}`,
    })),
  ];
}
