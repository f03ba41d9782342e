import { resolve } from "node:path";
import { type KeyRecord, keyRecord, SCOPES, type Scope } from "../shared/access.ts";
import { newId } from "../shared/ids.ts";
import { nowMs, toIso } from "../shared/time.ts";
import { type Command, runFromTerminal } from "./command.ts";
import { readDays } from "./keys/days.ts";
import { apiKeys } from "./keys/kinds.ts";
import { createSecret, listSecrets, revokeSecret } from "./keys/store.ts";
import { readTarget, type Target } from "./keys/target.ts";
import { LOCAL_FOLDER } from "./local/worker.ts";

const root = resolve(import.meta.dirname, "..");

/** KV keeps 1,024 bytes of metadata with a key, which is where a list reads its record. */
const MOST_BYTES = 600;

/** As good as never, and a date that a calendar holds. */
const MOST_DAYS = 36_500;

const options = {
  env: { type: "string" },
  folder: { type: "string", default: resolve(root, LOCAL_FOLDER) },
  label: { type: "string" },
  scopes: { type: "string", default: "read" },
  origins: { type: "string" },
  email: { type: "string" },
  days: { type: "string" },
} as const;

export const keysCommand: Command<typeof options> = {
  help: `Makes, lists and revokes API keys. A key is shown once; only its hash is kept.

  npm run keys -- create --label "Depot screen" [--scopes read,admin] [--days 365]      a secret key (sk_)
  npm run keys -- create --label FleetNow --origins https://map.example.com             a publishable key (pk_)
  npm run keys -- create --label Jane --email jane@example.com [--scopes read,admin]    a person, who needs no key
  npm run keys -- list
  npm run keys -- revoke <id>

  --label NAME               whose it is, as the list of keys shows it
  --scopes LIST              of ${SCOPES.join(", ")}; without it, read
  --origins LIST             pages that may use it, as https://map.example.com; makes it a publishable one
  --email ADDRESS            where Cloudflare Access stands before the API, instead of a key: who it lets through as that
  --days N                   how long it works; without it, until it is revoked
  --env staging|production   keys of a deployed environment; without it, of the local stack
  --folder DIR               where the local stack keeps its state (${LOCAL_FOLDER})`,
  options,
  takes: ([verb, ...words]) =>
    verb === "create" || verb === "list" ? words.length === 0 : verb === "revoke" && words.length === 1,
  async run({ words: [verb, id = ""], values, log, table, result }) {
    const target = readTarget(values.env, values.folder);
    if (verb === "create") {
      const record = describe(values.label, values.scopes, values.origins, values.days, values.email);
      if (record.kind === "person") await refuseKnown(target, record);
      const key = await createSecret(root, target, apiKeys, record);
      if (record.kind === "person") {
        log(
          `Whoever Cloudflare Access lets through as ${record.email} may ${record.scopes.join(", ")}. The id, for revoking: ${record.id}`,
        );
        result(record);
      }
      // Of what is secret nothing goes to the error output, which logs keep.
      else if (values.json) result({ key, ...record });
      else log(`${key}\n\nKeep it now: it is not shown again. Its id, for revoking: ${record.id}`);
    } else if (verb === "revoke") {
      if (!(await revokeSecret(root, target, apiKeys, id)))
        throw new Error(`There is no key ${id}: see \`list\`.`);
      log("Revoked. It works at most another minute.");
      result({ revoked: id });
    } else {
      const keys = (await listSecrets(root, target, apiKeys)).map(({ record }) => record);
      if (keys.length === 0) log("There are no keys.");
      else table(keys.map(shown));
      result(keys);
    }
    return 0;
  },
};

/** A person has one record, and another in its place would take scopes away, or give some, unsaid. */
async function refuseKnown(target: Target, { email }: KeyRecord): Promise<void> {
  const known = (await listSecrets(root, target, apiKeys)).find(({ record }) => record.email === email);
  if (known === undefined) return;
  const { id, scopes } = known.record;
  throw new Error(`${email} is known already, and may ${scopes.join(", ")}: \`revoke ${id}\` first.`);
}

/** A key in a table. */
const shown = ({ id, kind, label, scopes, origins, email, createdAt, expiresAt }: KeyRecord) => ({
  ...{ id, kind, label, scopes: scopes.join(","), origins: email ?? origins.join(",") },
  ...{ created: createdAt.slice(0, 10), expires: expiresAt?.slice(0, 10) ?? "never" },
});

function describe(
  label: string | undefined,
  scopesText: string,
  originsText: string | undefined,
  daysText: string | undefined,
  emailText: string | undefined,
): KeyRecord {
  if (!label) throw new Error('Give it a --label, e.g. --label "Depot screen".');
  const scopes = scopesText.split(",").map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined) throw new Error(`There is no scope "${unknown}". Scopes: ${SCOPES.join(", ")}.`);
  const origins = (originsText?.split(",") ?? []).map((origin) => {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin.trim()) {
      throw new Error(`"${origin}" is not an origin: write it like https://map.example.com, without a path.`);
    }
    return origin.trim();
  });
  if (origins.length > 0 && scopes.some((scope) => scope !== "read")) {
    throw new Error("A publishable key is in every visitor's hands: it can only have the scope read.");
  }
  const email = emailText?.trim().toLowerCase();
  if (email !== undefined && !keyRecord.shape.email.safeParse(email).success) {
    throw new Error(`"${emailText}" is not an e-mail address.`);
  }
  if (email !== undefined && origins.length > 0) {
    throw new Error("A person comes from the pages of this Worker: leave out --origins, or --email.");
  }
  const lifetimeMs = daysText === undefined ? null : readDays(daysText, MOST_DAYS);
  if (Buffer.byteLength(label + (originsText ?? "") + (email ?? "")) > MOST_BYTES) {
    throw new Error(
      `Label, origins and e-mail address together take at most ${MOST_BYTES} bytes: make two keys.`,
    );
  }
  return {
    id: newId(),
    kind: email !== undefined ? "person" : origins.length > 0 ? "pk" : "sk",
    label,
    scopes: scopes as Scope[],
    origins,
    ...(email !== undefined && { email }),
    createdAt: toIso(nowMs()),
    expiresAt: lifetimeMs === null ? null : toIso(nowMs() + lifetimeMs),
  };
}

if (import.meta.main) await runFromTerminal(keysCommand);
