import { resolve } from "node:path";
import * as z from "zod";
import { ANALYST_SCHEMAS, type AnalystRecord } from "../shared/analysts.ts";
import { newId } from "../shared/ids.ts";
import { nowMs, toIso } from "../shared/time.ts";
import { type Command, runFromTerminal } from "./command.ts";
import { readDays } from "./keys/days.ts";
import { analystMails, analystTokens } from "./keys/kinds.ts";
import { createSecret, listSecrets, revokeSecret } from "./keys/store.ts";
import { mcpUrl, readTarget, type Target } from "./keys/target.ts";
import { LOCAL_FOLDER } from "./local/worker.ts";

const root = resolve(import.meta.dirname, "..");

/** The audit keeps no more of a name. */
const MOST_CHARACTERS = 100;

/** Who still works with the data after a year gets a new token; who has left has none for ever. */
const USUAL_DAYS = 365;
const MOST_DAYS = 3_650;

const options = {
  env: { type: "string" },
  folder: { type: "string", default: resolve(root, LOCAL_FOLDER) },
  name: { type: "string" },
  email: { type: "string" },
  schemas: { type: "string" },
  days: { type: "string", default: String(USUAL_DAYS) },
} as const;

export const analystsCommand: Command<typeof options> = {
  help: `Makes, lists and revokes analysts, who ask the database through their AI clients, each with a token. A token is shown once;
only its hash is kept.

  npm run analysts -- create --name Jane [--schemas reporting,tickets] [--days 90]
  npm run analysts -- create --name Jane --email jane@example.com
  npm run analysts -- list
  npm run analysts -- revoke <id>

  --name NAME                who it is, as the audit names them; nobody else has it
  --email ADDRESS            where Cloudflare Access stands before the door, instead of a token: who it lets through as that
  --schemas LIST             of ${ANALYST_SCHEMAS.join(", ")}; without it, all; reporting is always among them
  --days N                   how long it works; without it, ${USUAL_DAYS}, at most ${MOST_DAYS}
  --env staging|production   tokens of a deployed environment; without it, of the local stack
  --folder DIR               where the local stack keeps its state (${LOCAL_FOLDER})`,
  options,
  takes: ([verb, ...words]) =>
    verb === "create" || verb === "list" ? words.length === 0 : verb === "revoke" && words.length === 1,
  async run({ words: [verb, id = ""], values, log, table, result }) {
    const target = readTarget(values.env, values.folder);
    if (verb === "create") {
      const record = describe(values.name, values.email, values.schemas, values.days);
      const url = await mcpUrl(root, target);
      await refuseTaken(target, record);
      const kind = record.email === null ? analystTokens : analystMails;
      const secret = await createSecret(root, target, kind, record);
      const token = record.email === null ? secret : null;
      // Of what is secret nothing goes to the error output, which logs keep.
      if (values.json) result({ token, url, ...record });
      else log(token === null ? signIn(url, record) : shownOnce(token, url, record));
    } else if (verb === "revoke") {
      const revoked = await revokeSecret(root, target, analystTokens, id);
      if (!revoked) throw new Error(`There is no analyst ${id}: see \`list\`.`);
      log("Revoked. It works at most another minute.");
      result({ revoked: id });
    } else {
      const analysts = (await listSecrets(root, target, analystTokens)).map(({ record }) => record);
      if (analysts.length === 0) log("There are no analysts.");
      else table(analysts.map(shown));
      result(analysts);
    }
    return 0;
  },
};

const shownOnce = (token: string, url: string, { id, expiresAt }: AnalystRecord) => `${token}

Keep it now: it is not shown again. It works until ${expiresAt?.slice(0, 10)}. Its id, for revoking: ${id}

An AI client that speaks MCP connects with it:

  URL      ${url}
  header   Authorization: Bearer <the token>`;

const signIn = (url: string, { id, email, expiresAt }: AnalystRecord) =>
  `Whoever Cloudflare Access lets through as ${email} is let in at ${url}, until ${expiresAt?.slice(0, 10)}. The id, for revoking: ${id}`;

/** An analyst in a table. */
const shown = ({ id, name, email, schemas, createdAt, expiresAt }: AnalystRecord) => ({
  ...{ id, name, email: email ?? "", schemas: schemas.join(",") },
  ...{ created: createdAt.slice(0, 10), expires: expiresAt?.slice(0, 10) ?? "never" },
});

/** Two of one name could not be told apart in the audit, two of one e-mail address at the door. */
async function refuseTaken(target: Target, { name, email }: AnalystRecord): Promise<void> {
  const analysts = await listSecrets(root, target, analystTokens);
  const same = analysts.find(
    ({ record }) =>
      record.name.toLowerCase() === name.toLowerCase() || (email !== null && record.email === email),
  );
  if (same === undefined) return;
  const { record } = same;
  throw new Error(
    `There is an analyst "${record.name}"${record.email === null ? "" : ` (${record.email})`} already: give another name or address, or \`revoke ${record.id}\` first.`,
  );
}

function describe(
  nameText: string | undefined,
  emailText: string | undefined,
  schemasText: string | undefined,
  daysText: string,
): AnalystRecord {
  const name = nameText?.normalize().trim() ?? "";
  if (name === "") throw new Error("Say who it is for with --name, e.g. --name Jane.");
  if (name.length > MOST_CHARACTERS) throw new Error(`A --name has at most ${MOST_CHARACTERS} characters.`);
  if (/[\p{Cc}\p{Cs}]/u.test(name)) throw new Error("A --name is one line of text.");
  const email = emailText === undefined ? null : emailText.trim().toLowerCase();
  if (email !== null && (email.length > MOST_CHARACTERS || !z.email().safeParse(email).success)) {
    throw new Error(`"${emailText}" is not an e-mail address of at most ${MOST_CHARACTERS} characters.`);
  }
  const wanted = schemasText?.split(",").map((schema) => schema.trim()) ?? [...ANALYST_SCHEMAS];
  const unknown = wanted.find((schema) => !(ANALYST_SCHEMAS as readonly string[]).includes(schema));
  if (unknown !== undefined) {
    throw new Error(`There is no schema "${unknown}" for analysts. Schemas: ${ANALYST_SCHEMAS.join(", ")}.`);
  }
  const createdMs = nowMs();
  return {
    id: newId(),
    name,
    email,
    schemas: ANALYST_SCHEMAS.filter((schema) => schema === "reporting" || wanted.includes(schema)),
    createdAt: toIso(createdMs),
    expiresAt: toIso(createdMs + readDays(daysText, MOST_DAYS)),
  };
}

if (import.meta.main) await runFromTerminal(analystsCommand);
