import { createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "../database/free-port.ts";
import type { RoleUrls } from "../database/roles.ts";
import type { Processes } from "./processes.ts";

/** Where the local stack keeps its database and state, below the project. */
export const LOCAL_FOLDER = ".local";

/** Where, in that folder, the Worker keeps its Durable Objects, KV and R2. */
export const workerState = (folder: string) => join(folder, "wrangler");

/** The Worker of the local stack. */
export interface LocalWorker {
  url: string;
  /** Said when the wanted port was taken. */
  notice: string | null;
}

/** What the local Worker gets beside `wrangler.toml`. */
export interface WorkerSettings {
  urls: RoleUrls;
  vars: Record<string, string>;
}

const START_PATIENCE_MS = 60_000;

/** Pieces of output kept, to explain a Worker that does not start. */
const MOST_OUTPUT = 100;

/** Starts `wrangler dev` on the wanted port, or on another one when that is taken, and waits until it answers. */
export async function startWorker(
  root: string,
  folder: string,
  processes: Processes,
  wantedPort: number,
  settings: WorkerSettings,
  onLog: (line: string) => void,
): Promise<LocalWorker> {
  const taken = wantedPort !== 0 && !(await isFree(wantedPort));
  const port = taken || wantedPort === 0 ? await freePort() : wantedPort;
  const notice = taken ? `Port ${wantedPort} is taken by another program; using ${port}.` : null;
  let exited: number | null | undefined;
  const output: string[] = [];
  processes.start(
    [
      join(root, "node_modules", "wrangler", "bin", "wrangler.js"),
      "dev",
      ...["--port", String(port), "--ip", "127.0.0.1", "--inspector-port", String(await freePort())],
      ...["--persist-to", workerState(folder), "--show-interactive-dev-session=false", "--log-level", "log"],
      ...Object.entries(settings.vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_INGEST: settings.urls.ingest,
        CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_READ: settings.urls.read,
        CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_ANALYST: settings.urls.analyst,
        WRANGLER_SEND_METRICS: "false",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        CI: "1",
      },
      onOutput: (text) => {
        output.push(text);
        // Only the end is ever shown, and the Worker says something of every request.
        if (output.length > MOST_OUTPUT) output.shift();
        for (const line of text.split("\n").filter(Boolean)) onLog(line);
      },
      onExit: (code) => {
        exited = code;
      },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + START_PATIENCE_MS; Date.now() < deadline; ) {
    if (exited !== undefined) break;
    if (await answers(`${url}/health`)) return { url, notice };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The Worker did not start.\n${output.join("").split("\n").slice(-20).join("\n")}`);
}

/** A request that comes while `wrangler dev` starts can be held for ever, so each try has its own end. */
async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
