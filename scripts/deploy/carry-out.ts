import { execFile } from "node:child_process";
import { promisify } from "node:util";
import postgres from "postgres";
import { wrangler } from "../cloudflare/wrangler.ts";
import { END_PATIENCE_S } from "../command.ts";
import { migrate } from "../database/migrations.ts";
import { activeDeployment, soleVersion } from "./account.ts";
import { writeNote } from "./note.ts";
import { objectsOf } from "./objects.ts";
import { FIRST_PERCENTAGE, wayBack } from "./plan.ts";
import { deployAtOnce, refuseOthers, shift, uploadVersion } from "./shift.ts";
import type { Situation } from "./situation.ts";
import { smoke } from "./smoke.ts";

/** A version with traffic that is not as it should be; the message says what to do. */
class Stopped extends Error {
  override name = "Stopped";
}

interface Means {
  databaseUrl: string;
  secretsFile: string | undefined;
  /** How long a version may take to answer. */
  patienceMs: number;
  log(line: string): void;
}

/** What a deploy has to pass before anything is changed. @throws with what failed */
export async function checkTree(root: string, log: (line: string) => void): Promise<void> {
  for (const script of ["check:types", "build"]) {
    try {
      await promisify(execFile)(process.execPath, ["--run", script], {
        cwd: root,
        maxBuffer: 64 * 1024 * 1024,
      });
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`npm run ${script} failed: nothing was changed.\n${`${stdout}${stderr}`.trim()}`);
    }
    log(`npm run ${script}: well`);
  }
}

/** Migrates, unless another environment does. @throws with what failed; nothing is uploaded then */
export async function migrateFirst(
  { environment, migrations }: Situation,
  { databaseUrl, log }: Means,
): Promise<void> {
  if (environment.isReader) return;
  const sql = postgres(databaseUrl, { max: 1, max_lifetime: null, onnotice: () => {} });
  try {
    await migrate(sql, migrations, ({ file }, durationMs) => log(`${file}  ${durationMs} ms`));
  } catch (error) {
    throw new Error(`${(error as Error).message}\nNothing was uploaded.`, { cause: error });
  } finally {
    await sql.end({ timeout: END_PATIENCE_S });
  }
}

/** Uploads a version and gives it the traffic, trying it on the way. @returns its id */
export async function release(root: string, situation: Situation, means: Means): Promise<string> {
  const { environment, commit, migrations, way, active } = situation;
  const { environment: name } = environment;
  const { log, secretsFile } = means;
  const schema = migrations.at(-1)?.number ?? 0;
  const message = writeNote({ commit, schema, objects: objectsOf(environment).digest });
  const upload = { environment: name, message, commit, secretsFile };

  await refuseOthers(root, name, active);
  const old = active?.versions[0]?.version_id;
  if (way !== "gradual" || old === undefined) {
    const version = await deployAtOnce(root, upload).catch((failure: Error) =>
      tellOf(root, situation, failure),
    );
    log(`version ${version} has all the traffic`);
    await tryOut(situation, version, means, "It has all the traffic.");
    return version;
  }

  const version = await uploadVersion(root, upload);
  log(`version ${version} is uploaded`);
  await refuseOthers(root, name, active);
  const id = await shift(root, name, [
    [version, FIRST_PERCENTAGE],
    [old, 100 - FIRST_PERCENTAGE],
  ]);
  log(`it has ${FIRST_PERCENTAGE} % of the traffic`);
  await tryOut(situation, version, means, `It has ${FIRST_PERCENTAGE} % of the traffic, and gets no more.`);
  await refuseOthers(root, name, { id });
  await shift(root, name, [[version, 100]]);
  log("it has all the traffic");
  await setTriggers(root, situation);
  await tryOut(situation, version, means, "It has all the traffic.");
  return version;
}

/** wrangler sets routes, crons and consumers after it gave a version the traffic. @throws with which of the two failed */
async function tellOf(root: string, situation: Situation, failure: Error): Promise<never> {
  const { environment } = situation.environment;
  const now = await activeDeployment(root, environment);
  if (!now || now.id === situation.active?.id) throw failure;
  throw new Stopped(
    `${failure.message}\nVersion ${soleVersion(now)} has all the traffic nevertheless; crons, routes and consumers may still be those of before: npx wrangler triggers deploy --env ${environment}\n${wayBack(situation)}`,
  );
}

async function tryOut(
  situation: Situation,
  version: string,
  { patienceMs, log }: Means,
  state: string,
): Promise<void> {
  const { url, environment } = situation;
  const expected = { url, name: environment.name, environment: environment.environment, version };
  const fault = await smoke(expected, patienceMs);
  if (fault !== null) {
    throw new Stopped(
      `Stopped: ${fault}\nVersion ${version} was not found well. ${state}\n${wayBack(situation)}`,
    );
  }
  log(`${url} is well`);
}

/** Of a version they are no part: `versions deploy` leaves them as they were. */
async function setTriggers(root: string, situation: Situation): Promise<void> {
  const { environment } = situation.environment;
  try {
    await wrangler(root, ["triggers", "deploy", "--env", environment]);
  } catch (error) {
    throw new Stopped(
      `${(error as Error).message}\nThe version has all the traffic; crons, routes and consumers may still be those of before: npx wrangler triggers deploy --env ${environment}\n${wayBack(situation)}`,
    );
  }
}
