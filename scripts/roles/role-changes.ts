import type postgres from "postgres";
import { identifier, literal } from "../../shared/quote.ts";
import type { Change } from "./change.ts";
import type { RoleDefinition } from "./definition.ts";
import { membershipChanges } from "./membership-changes.ts";
import { scramVerifier } from "./password.ts";
import { readRoles, type ServerRole } from "./server-role.ts";
import { settingChanges } from "./setting-changes.ts";

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
  return roles.flatMap((role) => {
    const existing = known.find(({ name }) => name === role.name);
    return [
      ...(existing ? attributeChanges(role, existing, passwords) : [creation(role, passwords)]),
      ...(role.kind === "login" ? settingChanges(role, existing) : []),
      ...membershipChanges(role, existing, version?.number ?? 0, roles),
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
    role.kind === "login"
      ? `at most ${role.connectionLimit} connections, a password of its own`
      : role.kind === "group"
        ? "a group"
        : `part of ${role.of}, no login`;
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
  if (!existing.inherits) changes.push(alter("inherits the rights of its groups", "inherit"));
  if (role.kind !== "login") return existing.login ? [...changes, alter("no login", "nologin")] : changes;
  if (!existing.login) changes.push(alter("login", "login"));
  if (existing.valid_until !== null) {
    changes.push(
      alter(`a password for good instead of until ${existing.valid_until}`, "valid until 'infinity'"),
    );
  }
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
