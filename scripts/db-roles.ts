import type postgres from "postgres";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { applyRoles, type RolesOutcome } from "./roles/apply.ts";
import { databases } from "./roles/databases.ts";
import type { DatabaseRoles } from "./roles/definition.ts";
import { findLoginRoles, findWithoutPassword } from "./roles/look.ts";
import { tellFound, tellOutcome, tellPasswords, urlsOf } from "./roles/told.ts";

const options = {
  apply: { type: "boolean", default: false },
  database: { type: "string", default: "tracksolid" },
  rotate: { type: "string", default: "" },
  "with-owner": { type: "boolean", default: false },
  "revoke-functions": { type: "boolean", default: false },
} as const;
type RolesCall = DatabaseCall<typeof options>;

export const rolesCommand = databaseCommand({
  help: `Makes the roles of a database, and what they may do in it, as scripts/roles defines them.

  npm run db:roles                                        what it would change
  npm run db:roles -- --apply
  npm run db:roles -- --rotate ingest_app,dashboard_ro --apply

  --database PRODUCT  tracksolid, unless said otherwise, or fleet_platform
  --rotate LIST       gives these roles new passwords; missing roles get one anyway, all others keep theirs
  --with-owner        with the role for migrations of fleet_platform, only if its services migrate
  --revoke-functions  of fleet_platform: takes dangerous functions away, too
  --apply             do it; without, say what would change

DATABASE_URL is a direct connection to that database as an administrator: a superuser, or what a superuser alone can do is
listed and stays open. New passwords are printed once, at the end; the server gets only their SCRAM verifiers. Run it before
db:migrate, for the passwords, and after it, for what analysts of some schemas may read, and after each update of TimescaleDB,
whose functions come with it. Ends with 1 where something stays open, other than functions and settings of the server that only
a superuser can change, where a reader sees what is private, or where others have rights of these roles.`,
  options,
  takes: (words) => words.length === 0,
  async run(call) {
    const { values, error, environment } = call;
    const definition = databases.find(({ product }) => product === values.database);
    if (!definition) {
      error(
        `There is no database ${values.database}: say ${databases.map(({ product }) => product).join(" or ")}.`,
      );
      return 2;
    }
    // Before anything is done: whoever gets a password has to be told where it is good.
    const url = URL.parse(environment.DATABASE_URL ?? "");
    if (!url) {
      error("DATABASE_URL has to be a URL with one host: postgres://user:password@host:port/database");
      return 2;
    }
    return carryOut(call, definition, url);
  },
});

async function carryOut(call: RolesCall, definition: DatabaseRoles, url: URL): Promise<number> {
  const { sql, values } = call;
  const { database, superuser } = await whoAmI(sql);
  const outcome = await applyRoles(sql, definition, {
    apply: values.apply,
    rotate: words(values.rotate),
    withOwner: values["with-owner"],
    revokeFunctions: values["revoke-functions"],
  });
  try {
    return await report(call, definition, outcome, superuser);
  } finally {
    // At the end, where they are found, and whatever came before: they are nowhere else.
    const passwords = values.apply ? outcome.passwords : new Map<string, string>();
    call.result(forPrograms(outcome, urlsOf(passwords, url, database), values.apply));
    // Of what is secret nothing goes to the error output, which logs keep.
    if (!values.json) for (const line of tellPasswords(passwords, url, database)) call.log(line);
  }
}

function forPrograms(
  { done, open, left, cutOff, visible, strangers }: RolesOutcome,
  urls: Map<string, string>,
  applied: boolean,
) {
  const lines = (changes: { line: string }[]) => changes.map(({ line }) => line);
  const found = { open: lines(open), left: lines(left), cutOff, visible, strangers };
  return { changes: lines(done), ...found, urls: Object.fromEntries(urls), applied };
}

/** @returns the exit code */
async function report(
  { sql, values, log, error }: RolesCall,
  definition: DatabaseRoles,
  outcome: RolesOutcome,
  superuser: boolean,
): Promise<number> {
  for (const line of tellOutcome(outcome, values.apply, superuser)) log(line);
  const ours = new Set(databases.flatMap(({ roles }) => roles.map(({ name }) => name)));
  for (const line of tellFound((await findLoginRoles(sql)).filter(({ name }) => !ours.has(name)))) log(line);
  const mute = await findWithoutPassword(sql, definition);
  if (mute.length > 0) log(`Without a password, so that nobody logs in as them: --rotate ${mute.join(",")}`);
  for (const line of outcome.visible) error(`Sees what is private: ${line}`);
  for (const line of outcome.strangers) error(`Not as defined, and yours to decide: ${line}`);
  if (outcome.open.some(({ topic }) => topic === "extension")) error(OPEN_EXTENSION);
  if (outcome.extensionToCome) log(EXTENSION_TO_COME);
  if (!values.apply && outcome.done.length > 0) log("Add --apply to do it.");
  const told = outcome.visible.length + outcome.strangers.length;
  return told > 0 || outcome.open.some(({ topic }) => topic !== "function" && topic !== "setting") ? 1 : 0;
}

const OPEN_EXTENSION =
  "TimescaleDB's functions are open: whoever may connect can drop chunks of any hypertable. Run this as a superuser.";

const EXTENSION_TO_COME =
  "TimescaleDB is not in this database yet. Run this again when db:migrate has made it: its functions are open until then.";

const words = (list: string): string[] => [
  ...new Set(
    list
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean),
  ),
];

async function whoAmI(sql: postgres.Sql): Promise<{ database: string; superuser: boolean }> {
  const [row] = await sql<{ database: string; superuser: boolean }[]>`
    select current_database() as database, rolsuper as superuser from pg_roles where rolname = current_user`;
  return row ?? { database: "", superuser: false };
}

if (import.meta.main) await runFromTerminal(rolesCommand);
