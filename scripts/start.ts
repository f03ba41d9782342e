import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SCOPES } from "../shared/access.ts";
import { newId } from "../shared/ids.ts";
import { nowMs, toIso } from "../shared/time.ts";
import { stopStaleServer } from "./database/embedded.ts";
import { apiKeys } from "./keys/kinds.ts";
import { createSecret, listSecrets, revokeSecret } from "./keys/store.ts";
import { type LocalDatabase, openLocalDatabase } from "./local/database.ts";
import { alertVars, mapVars, readDevVars } from "./local/dev-vars.ts";
import { realGeocoder, startGeocoder } from "./local/geocoder.ts";
import { readStartOptions, type StartOptions } from "./local/options.ts";
import { Processes } from "./local/processes.ts";
import { Screen } from "./local/screen.ts";
import { startTicks } from "./local/ticks.ts";
import { realCredentials, realVendor, startSimulator, type Vendor } from "./local/vendor.ts";
import { LOCAL_FOLDER, startWorker, workerState } from "./local/worker.ts";

const HELP = `Runs the whole product on this machine: database, simulator, Worker, cron ticks, map.

  npm start -- [options] [-- options of the simulator, see test/simulator/README.md]

  --port N          port of the Worker (8787), 0 for any; another one is used when it is taken
  --live-every-s N  how often live positions are polled (simulator 10, real API 60)
  --folder DIR      where database and state are kept (${LOCAL_FOLDER})
  --fresh           forget what is kept there
  --yes             do use the credentials in .dev.vars, do migrate and write to DATABASE_URL
  --verbose         show the Worker's log

DATABASE_URL uses another database than the embedded one (README, "Your own database").
Credentials in .dev.vars use the real API instead of the simulator (README, "Your own account").`;

const DEV_KEY_LABEL = "npm start";

const root = resolve(import.meta.dirname, "..");

const values = understand();

if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const folder = resolve(values.folder ?? join(root, LOCAL_FOLDER));
const screen = new Screen();
let processes: Processes | undefined;
let database: LocalDatabase | undefined;
let stopTicks = () => {};
let stopping = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stop(0));
}

try {
  await run();
} catch (error) {
  if (!stopping) {
    screen.end();
    console.error(`\n${(error as Error).message}`);
    await stop(1);
  }
}

function understand(): StartOptions {
  try {
    return readStartOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${HELP}\n\n${(error as Error).message}`);
    process.exit(2);
  }
}

async function run(): Promise<void> {
  const devVars = readDevVars(root);
  const credentials = realCredentials(devVars);
  if (credentials && !values.yes) {
    throw new Error(
      ".dev.vars holds Tracksolid credentials, so this would talk to the real API. A new token may end the token of another\n" +
        "system that uses the same account (reference: one live token per account). If that is fine: npm start -- --yes",
    );
  }
  processes = new Processes(join(folder, "processes.json"));
  if (values.fresh) {
    await stopStaleServer(join(folder, "postgres"));
    await rm(folder, { recursive: true, force: true });
    processes = new Processes(join(folder, "processes.json"));
  }

  screen.step("Opening the database");
  database = await openLocalDatabase(root, folder, values.yes, process.env);
  const { sql } = database;

  screen.step(credentials ? "Reading credentials" : "Starting the simulator");
  const vendor: Vendor = credentials
    ? realVendor(credentials)
    : await startSimulator(root, processes, values.ofSimulator);
  const geocoder = credentials ? realGeocoder(credentials) : await startGeocoder(root, processes);

  screen.step("Making a development key");
  const key = await makeDevelopmentKey();

  const pushToken = credentials?.PUSH_TOKENS ?? randomBytes(24).toString("hex");

  screen.step("Starting the Worker");
  const worker = await startWorker(
    root,
    folder,
    processes,
    values.port,
    {
      urls: database.urls,
      vars: {
        ...{ OPEN_READS: "1", PUSH_TOKENS: pushToken },
        ...{ ...vendor.vars, ...geocoder.vars, ...alertVars(devVars), ...mapVars(devVars) },
      },
    },
    (line) => values.verbose && screen.log(line),
  );

  screen.show({
    workerUrl: worker.url,
    pushUrl: `${worker.url}/${pushToken.split(",")[0]}/`,
    key,
    database: database.name,
    vendor: vendor.name,
    geocoder: geocoder.name,
    notice: worker.notice,
  });
  await vendor.pushTo?.(worker.url, pushToken);
  const liveEveryS = values.liveEveryS ?? (vendor.real ? 60 : 10);
  stopTicks = startTicks(worker.url, liveEveryS, (job, result) => screen.tick(job, result));
  await screen.follow(worker.url, sql, () => stopping);
}

/** One key with every scope, made anew at each start: what was shown once is gone with the terminal. */
async function makeDevelopmentKey(): Promise<string> {
  const target = { persistTo: workerState(folder) };
  for (const { record } of await listSecrets(root, target, apiKeys)) {
    if (record.label === DEV_KEY_LABEL) await revokeSecret(root, target, apiKeys, record.id);
  }
  return createSecret(root, target, apiKeys, {
    id: newId(),
    kind: "sk",
    label: DEV_KEY_LABEL,
    scopes: [...SCOPES],
    origins: [],
    createdAt: toIso(nowMs()),
    expiresAt: null,
  });
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  screen.end();
  stopTicks();
  await processes?.stopAll();
  await database?.stop().catch(() => {});
  process.exit(code);
}
