import { resolve } from "node:path";
import { readDeployed } from "./cloudflare/environment.ts";
import { type Command, runFromTerminal } from "./command.ts";
import { checkTree, migrateFirst, release } from "./deploy/carry-out.ts";
import { consent, type Keyboard } from "./deploy/consent.ts";
import { FIRST_PERCENTAGE, planLines, wayBack } from "./deploy/plan.ts";
import { readSituation } from "./deploy/situation.ts";

/** A hostname that is new has its certificate within minutes. */
const PATIENCE_MS = 180_000;

const options = {
  env: { type: "string" },
  url: { type: "string" },
  "secrets-file": { type: "string" },
  plan: { type: "boolean", default: false },
  yes: { type: "string" },
} as const;

/** The command, for the tree in a folder. */
export const deployOf = (
  root: string,
  { patienceMs = PATIENCE_MS, keyboard = process.stdin as Keyboard } = {},
): Command<typeof options> => ({
  help: `Deploys the commit that is checked out: checks, migrations, upload, part of the traffic, a try, all of it.

  npm run deploy:staging
  npm run deploy:production

  --env ENVIRONMENT     staging or production; these names of npm say it
  --plan                what it would do, and no more
  --secrets-file FILE   secrets to bring along, a line NAME=value for each, outside the tree; the first deploy needs it
  --url URL             where the API is, when not where wrangler.toml says
  --yes ENVIRONMENT     instead of typing production: --yes=production

Nothing is changed unless the tree is committed, wrangler.toml has no zeros and no example.com left, the Worker has its
secrets, types are right and all environments build. Then the migrations of DATABASE_URL, and only then the upload. A new
version gets ${FIRST_PERCENTAGE} % of the traffic, is asked for its health, and gets the rest; where it is not well, that is all it gets, and the
way back is printed. The first deploy, and one that changes Durable Object classes, can only be made at once.

DATABASE_URL is a direct connection as tracksolid_owner, or an administrator where a migration asks for one; an environment
that only reads (DATABASE_MODE = "reader") takes backup_ro and migrates nothing. The database needs no public port:
  ssh -N -L 15432:127.0.0.1:5432 <machine that reaches it>
  cloudflared access tcp --hostname <hostname of the tunnel> --url 127.0.0.1:15432
  DATABASE_URL=postgres://tracksolid_owner:…@127.0.0.1:15432/fleet npm run deploy:production
either of the first two, in another terminal. Two who deploy at once: migrations wait for each other, and before each shift of
traffic it is made sure that nobody else deployed in between.

Ends with 1 where it was refused or stopped.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, environment: variables, log, error, result }) {
    const databaseUrl = variables.DATABASE_URL;
    if (!databaseUrl) {
      error("Set DATABASE_URL to a direct connection, not through a pooler: --help says as whom, and how.");
      return 2;
    }
    const env = readDeployed(values.env);
    const secretsFile = values["secrets-file"] && resolve(values["secrets-file"]);
    const situation = await readSituation(root, { env, databaseUrl, url: values.url, secretsFile });
    const { commit, url, way, schema, faults } = situation;
    const migrations = situation.environment.isReader ? [] : schema.missing.map(({ file }) => file);
    const told = { environment: env, commit, url, way, migrations, faults };
    for (const fault of faults) error(fault);
    if (faults.length === 0) for (const line of planLines(situation)) log(line);
    if (faults.length > 0 || values.plan) {
      result({ ...told, version: null, applied: false });
      return faults.length > 0 ? 1 : 0;
    }
    await consent(env, values.yes, keyboard, log);
    const means = { databaseUrl, secretsFile, patienceMs, log };
    await checkTree(root, log);
    await migrateFirst(situation, means);
    const version = await release(root, situation, means);
    log(`Done: ${env} is version ${version}. ${wayBack(situation)}`);
    result({ ...told, version, applied: true });
    return 0;
  },
});

export const deployCommand = deployOf(resolve(import.meta.dirname, ".."));

if (import.meta.main) await runFromTerminal(deployCommand);
