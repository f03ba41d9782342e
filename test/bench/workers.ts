import { createTestHarness } from "wrangler";
import type { RoleUrls } from "../../scripts/database/roles.ts";

type Harness = ReturnType<typeof createTestHarness>;
type Workers = NonNullable<Parameters<typeof createTestHarness>[0]>["workers"];

/** Workers in a local workerd, without wrangler's own proxy before them. */
export interface Running {
  worker(name: string): ReturnType<Harness["getWorker"]>;
  stop(): Promise<void>;
}

/** The Worker that measures from inside. */
export const benchWorker = { configPath: "test/bench/worker/wrangler.toml" };

/** The product, with its public reads open. */
export const productWorker = (vars: Record<string, string> = {}, secrets: Record<string, string> = {}) => ({
  configPath: "wrangler.toml",
  vars: { OPEN_READS: "1", ...vars },
  secrets: { ...NO_SECRETS, ...secrets },
});

const NO_SECRETS = {
  TRACKSOLID_APP_KEY: "-",
  TRACKSOLID_APP_SECRET: "-",
  TRACKSOLID_USER: "-",
  TRACKSOLID_PASSWORD: "-",
  PUSH_TOKENS: "",
};

const PATIENCE_MS = 120_000;

/** Starts Workers on a database. */
export async function startWorkers(urls: RoleUrls, workers: Workers): Promise<Running> {
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_INGEST = urls.ingest;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_READ = urls.read;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_ANALYST = urls.analyst;
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  process.env.WRANGLER_SEND_METRICS = "false";
  process.env.WRANGLER_LOG = "error";
  const server = createTestHarness({ workers });
  await server.listen();
  return {
    worker: (name) => server.getWorker(name),
    stop: () => server.close(),
  };
}

/** Posts JSON to a Worker. @throws what it answers, unless that is success */
export async function post<Answer>(
  running: Running,
  name: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  const response = await running.worker(name).fetch(`http://${name}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    // A COPY that Postgres refuses never ends in postgres.js.
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) throw new Error(`${name}${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
