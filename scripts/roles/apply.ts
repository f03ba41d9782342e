import type postgres from "postgres";
import { LOCK_KEY } from "../database/migrations.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Change } from "./change.ts";
import { databaseChanges, whoConnects } from "./database-changes.ts";
import { type DatabaseRoles, loginRoles, partRoles } from "./definition.ts";
import { functionChanges, grantedFunctionChanges } from "./function-changes.ts";
import { groupChanges } from "./group-changes.ts";
import { findVisible } from "./hidden.ts";
import { partChanges } from "./part-changes.ts";
import { newPassword } from "./password.ts";
import { readerChanges } from "./reader-changes.ts";
import { roleChanges } from "./role-changes.ts";
import { schemaChanges } from "./schema-changes.ts";
import { findStrangers } from "./strangers.ts";

/** How a database gets its roles. */
export interface RolesRequest {
  /** Without it all is taken back. */
  apply: boolean;
  /** Roles that get a new password although they are there. */
  rotate: string[];
  /** With the role that is made only when asked for. */
  withOwner: boolean;
  /** Dangerous functions are taken from PUBLIC also where nobody knows who calls them. */
  revokeFunctions: boolean;
}

/** What became of it, or would. */
export interface RolesOutcome {
  done: Change[];
  /** What the connection may not do, or was done by somebody it cannot speak for. */
  open: Change[];
  /** Dangerous functions that PUBLIC keeps, since nobody asked. */
  left: Change[];
  /** By role. */
  passwords: Map<string, string>;
  /** Roles that could connect, and no longer can. */
  cutOff: string[];
  /** What roles see, still, of a schema that is hidden from them. */
  visible: string[];
  /** Who has rights of the roles and is none of them, and other things that only a person can decide. */
  strangers: string[];
  /** Migrations will make an extension whose functions are open until this is run again. */
  extensionToCome: boolean;
}

const PATIENCE = "10s";

/** Refused for want of a right, or since a role is missing that could not be created for want of one. */
const NOT_ALLOWED = ["42501", "42704"];

/**
 * Makes the roles of a database, and what they may do in it, as they are defined: in one transaction, and again without effect.
 * What the connection may not do is left out and told.
 */
export function applyRoles(
  sql: postgres.Sql,
  definition: DatabaseRoles,
  request: RolesRequest,
): Promise<RolesOutcome> {
  return inTransaction(sql, request.apply, async (tx) => {
    await waitForOthers(tx);
    await refuseOtherDatabase(tx, definition);
    await refuseOwnRole(tx, definition);
    const wanted = await wantedRoles(tx, definition, request);
    const passwords = await newPasswords(tx, wanted, request.rotate);
    const connected = await whoConnects(tx);

    const planned = await findChanges(tx, wanted, request, passwords);
    const refused: Change[] = [];
    for (const change of planned) if (!(await carryOut(tx, change))) refused.push(change);

    // Postgres takes some grants with a mere warning and does nothing, so what counts is what is still different.
    const different = await findChanges(tx, wanted, request, new Map());
    const open = [
      // A password does not show.
      ...refused.filter(({ line }) => !different.some((change) => change.line === line)),
      ...different,
    ];
    const done = planned.filter(({ line }) => !open.some((change) => change.line === line));
    for (const { passwordOf } of refused) if (passwordOf !== undefined) passwords.delete(passwordOf);
    const connecting = await whoConnects(tx);
    return {
      done,
      open,
      left: revokesFunctions(wanted, request) ? [] : await functionChanges(tx, []),
      passwords,
      cutOff: connected.filter((role) => !connecting.includes(role)),
      visible: await findVisible(tx, wanted),
      strangers: await findStrangers(tx, wanted),
      extensionToCome: revokesFunctions(wanted, request) && (await extensionToCome(tx)),
    };
  });
}

/** @throws where a migration, or another one of its kind, takes longer than it waits. */
async function waitForOthers(sql: postgres.TransactionSql): Promise<void> {
  await sql`select set_config('lock_timeout', ${PATIENCE}, true)`;
  try {
    await sql`select pg_advisory_xact_lock(${LOCK_KEY})`;
  } catch (error) {
    if ((error as postgres.PostgresError).code !== "55P03") throw error;
    throw new Error("A migration, or another db:roles, is at work: try again when it is done.", {
      cause: error,
    });
  }
}

/** @throws where the database holds tables and none of the schemas that tell: it is another product's. */
async function refuseOtherDatabase(
  sql: postgres.TransactionSql,
  { product, telling }: DatabaseRoles,
): Promise<void> {
  const [row] = await sql<{ name: string; foreign: boolean }[]>`
    select current_database() as name, not exists (select from pg_namespace where nspname = any(${telling})) and exists (
      select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    ) as foreign`;
  if (row?.foreign) {
    throw new Error(
      `The database ${row.name} has ${telling.length === 1 ? "no schema" : "none of the schemas"} ${telling.join(", ")}: is DATABASE_URL the one of ${product}?`,
    );
  }
}

/** @throws for a connection as a role that is to change: one that is a superuser would take that from itself. */
async function refuseOwnRole(sql: postgres.TransactionSql, { roles }: DatabaseRoles): Promise<void> {
  const [row] = await sql<{ name: string }[]>`select current_user as name`;
  if (roles.some(({ name }) => name === row?.name)) {
    throw new Error(`${row?.name} is one of the roles that are to change: connect as an administrator.`);
  }
}

const roleNames = async (sql: postgres.TransactionSql): Promise<Set<string>> =>
  new Set((await sql<{ name: string }[]>`select rolname as name from pg_roles`).map(({ name }) => name));

/** The definition without what is neither asked for nor there. */
async function wantedRoles(
  sql: postgres.TransactionSql,
  definition: DatabaseRoles,
  { withOwner }: RolesRequest,
): Promise<DatabaseRoles> {
  const existing = await roleNames(sql);
  const roles = definition.roles.filter(
    (role) => role.kind !== "login" || !role.onRequest || withOwner || existing.has(role.name),
  );
  return { ...definition, roles };
}

async function newPasswords(
  sql: postgres.TransactionSql,
  definition: DatabaseRoles,
  rotate: string[],
): Promise<Map<string, string>> {
  const existing = await roleNames(sql);
  const own = loginRoles(definition).map(({ name }) => name);
  const unknown = rotate.filter((name) => !own.includes(name));
  if (unknown.length > 0) {
    throw new Error(`No role of ${definition.product}: ${unknown.join(", ")}. They are ${own.join(", ")}.`);
  }
  const names = own.filter((name) => !existing.has(name) || rotate.includes(name));
  return new Map(names.map((name) => [name, newPassword()]));
}

async function findChanges(
  sql: postgres.TransactionSql,
  definition: DatabaseRoles,
  request: RolesRequest,
  passwords: ReadonlyMap<string, string>,
): Promise<Change[]> {
  const { roles, schemas, writers, functions, readers } = definition;
  const own = loginRoles(definition).map(({ name }) => name);
  const names = roles.map(({ name }) => name);
  const owner = writers && own.includes(writers.owner) ? writers.owner : null;
  return [
    ...(await roleChanges(sql, roles, passwords)),
    ...(await databaseChanges(sql, definition)),
    ...(await schemaChanges(sql, definition)),
    ...(readers ? await readerChanges(sql, readers) : []),
    ...(await partChanges(sql, partRoles(roles))),
    ...(writers ? await groupChanges(sql, writers.group, schemas, owner) : []),
    ...(revokesFunctions(definition, request) ? await functionChanges(sql, functions.kept) : []),
    // Of another product nobody knows who was given some back.
    ...(functions.revoked === "always" ? await grantedFunctionChanges(sql, names, functions.kept) : []),
  ];
}

const revokesFunctions = ({ functions }: DatabaseRoles, { revokeFunctions }: RolesRequest) =>
  functions.revoked === "always" || revokeFunctions;

/** As the first migration decides it. */
async function extensionToCome(sql: postgres.TransactionSql): Promise<boolean> {
  const rows = await sql`
    select from pg_available_extensions a
    where a.name = 'timescaledb' and a.installed_version is null
      and case when pg_has_role('pg_read_all_settings', 'usage') then current_setting('shared_preload_libraries') end
        like '%timescaledb%'`;
  return rows.length > 0;
}

/** @throws with the line, where it fails for another reason than a right that is lacking. */
async function carryOut(sql: postgres.TransactionSql, { line, statement }: Change): Promise<boolean> {
  try {
    await sql.savepoint((step) => step.unsafe(statement));
    return true;
  } catch (error) {
    const { code, message } = error as postgres.PostgresError;
    if (NOT_ALLOWED.includes(code)) return false;
    throw new Error(`${line}: ${message}`, { cause: error });
  }
}
