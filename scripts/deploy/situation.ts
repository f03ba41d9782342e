import { join } from "node:path";
import { readOrigin } from "../api/open.ts";
import { type Deployed, type Environment, readEnvironment } from "../cloudflare/environment.ts";
import { secretFaults } from "../cloudflare/secrets.ts";
import { type Migration, readMigrations } from "../database/migrations.ts";
import { apiUrl } from "../keys/target.ts";
import { activeDeployment, type Deployment, partsOf, readVersion, soleVersion } from "./account.ts";
import { leftovers, uncommittedFault } from "./faults.ts";
import { readCommit } from "./git.ts";
import { objectsDiffer, objectsOf } from "./objects.ts";
import { readSchema, type Schema } from "./schema.ts";

/** How a version gets its traffic. */
export type Way =
  /** Nothing is there to share the traffic with. */
  | "first"
  /** Versions with other Durable Object classes may not share it. */
  | "objects"
  | "gradual";

/** Everything a deploy has to know before it begins. */
export interface Situation {
  environment: Environment;
  commit: string;
  url: string;
  migrations: Migration[];
  schema: Schema;
  /** At the start; null where nothing is deployed. */
  active: Deployment | null;
  way: Way;
  /** What keeps it from beginning, each in a sentence. */
  faults: string[];
}

interface Asked {
  env: Deployed;
  databaseUrl: string;
  url: string | undefined;
  secretsFile: string | undefined;
}

/** Looks at the tree, the database and the account, and changes nothing. */
export async function readSituation(root: string, asked: Asked): Promise<Situation> {
  const environment = await readEnvironment(root, asked.env);
  const { url, fault: urlFault } = await readAddress(root, asked);
  const migrations = await readMigrations(join(root, "migrations"));
  const [{ commit, uncommitted }, schema, active] = await Promise.all([
    readCommit(root),
    readSchema(asked.databaseUrl, migrations),
    activeDeployment(root, asked.env),
  ]);
  const secrets = asked.secretsFile === undefined ? await faultsOfSecrets(root, environment, active) : [];
  return {
    ...{ environment, commit, url, migrations, schema, active },
    way: await wayOf(root, environment, active),
    faults: [
      ...uncommittedFault(uncommitted),
      ...leftovers(environment),
      ...urlFault,
      ...secrets,
      ...schemaFaults(environment, schema),
      ...(active ? underWayFault(environment, active) : []),
    ],
  };
}

async function readAddress(root: string, { env, url }: Asked): Promise<{ url: string; fault: string[] }> {
  const known = url ?? (await apiUrl(root, { environment: env }));
  if (known !== null) return { url: readOrigin(known, "an API"), fault: [] };
  return { url: "", fault: [`wrangler.toml names no host of ${env} in API_HOSTS: name it, or give --url.`] };
}

async function faultsOfSecrets(
  root: string,
  environment: Environment,
  active: Deployment | null,
): Promise<string[]> {
  const { requiredSecrets } = environment;
  if (active === null) {
    if (requiredSecrets.length === 0) return [];
    return [
      `The first deploy brings the secrets along: write ${requiredSecrets.join(", ")} into a file outside the tree, a line NAME=value for each, and give it as --secrets-file.`,
    ];
  }
  return secretFaults(root, environment);
}

function schemaFaults({ environment, isReader }: Environment, { missing, ahead }: Schema): string[] {
  if (isReader) {
    if (missing.length === 0) return [];
    return [
      `The database lacks ${missing.map(({ file }) => file).join(", ")}. ${environment} only reads it and migrates nothing: deploy the environment that owns it first.`,
    ];
  }
  return ahead.map(
    (file) => `${file} was applied to this database but is not in this tree: deploy the tree that holds it.`,
  );
}

function underWayFault({ environment }: Environment, active: Deployment): string[] {
  if (soleVersion(active) !== null) return [];
  return [
    `A deploy is under way or was stopped: ${partsOf(active)}. Finish it (npx wrangler versions deploy <version>@100 --env ${environment}) or go back (npm run rollback -- --env ${environment}).`,
  ];
}

async function wayOf(root: string, environment: Environment, active: Deployment | null): Promise<Way> {
  const old = active && soleVersion(active);
  if (!active) return "first";
  if (!old) return "gradual";
  const { objects } = await readVersion(root, environment.environment, old);
  return objectsDiffer(objects, objectsOf(environment)) ? "objects" : "gradual";
}
