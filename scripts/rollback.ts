import { resolve } from "node:path";
import { readOrigin } from "./api/open.ts";
import { readDeployed, readEnvironment } from "./cloudflare/environment.ts";
import { wrangler } from "./cloudflare/wrangler.ts";
import { type Command, runFromTerminal } from "./command.ts";
import { consent, type Keyboard } from "./deploy/consent.ts";
import { noRollback } from "./deploy/objects.ts";
import { smoke } from "./deploy/smoke.ts";
import { readTarget } from "./deploy/target.ts";
import { apiUrl } from "./keys/target.ts";

/** The version was there before: its hostname is known. */
const PATIENCE_MS = 60_000;

const options = {
  env: { type: "string" },
  to: { type: "string" },
  url: { type: "string" },
  yes: { type: "string" },
} as const;

/** The command, for the tree in a folder. */
export const rollbackOf = (
  root: string,
  { patienceMs = PATIENCE_MS, keyboard = process.stdin as Keyboard } = {},
): Command<typeof options> => ({
  help: `Gives all the traffic to a version that had it before, and tries it.

  npm run rollback -- --env staging
  npm run rollback -- --env production --to VERSION

  --env ENVIRONMENT   staging or production
  --to VERSION        of npx wrangler deployments list; without it, the one before
  --url URL           where the API is, when not where wrangler.toml says
  --yes ENVIRONMENT   instead of typing production: --yes=production

Refused across a change of Durable Object classes, as Cloudflare refuses it, with what to do instead. The schema stays as it
is: migrations are written so that the version before lives with them. So do crons, routes and consumers, which are no part of
a version. What the newer version sent is parked until one that can read it is deployed. Ends with 1 where it was refused, or
where the version is not well.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, log, error, result }) {
    const env = readDeployed(values.env);
    const { name } = await readEnvironment(root, env);
    const known = values.url ?? (await apiUrl(root, { environment: env }));
    if (known === null)
      throw new Error(`wrangler.toml names no host of ${env} in API_HOSTS: give it as --url.`);
    const url = readOrigin(known, "an API");
    const { now, to, crossesObjects } = await readTarget(root, env, values.to);
    if (crossesObjects) {
      error(noRollback(env));
      return 1;
    }
    const commit = to.note ? ` (commit ${to.note.commit})` : "";
    log(`${env}: from version ${now.id} back to ${to.id}${commit}`);
    if (now.note && to.note && now.note.schema > to.note.schema) {
      log(
        `It came with schema ${to.note.schema}, the newer one with ${now.note.schema}. The schema stays; should it have to go back, too, then afterwards: npm run db:migrate -- --back-to ${String(to.note.schema).padStart(4, "0")}`,
      );
    }
    await consent(env, values.yes, keyboard, log);
    await wrangler(root, ["rollback", to.id, "--env", env, "--message", `back from ${now.id}`, "--yes"]);
    const expected = { url, name, environment: env, version: to.id };
    const fault = await smoke(expected, patienceMs);
    result({ environment: env, from: now.id, to: to.id, fault });
    if (fault === null) {
      log(`Done: ${env} is version ${to.id}.`);
      return 0;
    }
    error(`Version ${to.id} has all the traffic, and is not well: ${fault}`);
    return 1;
  },
});

export const rollbackCommand = rollbackOf(resolve(import.meta.dirname, ".."));

if (import.meta.main) await runFromTerminal(rollbackCommand);
