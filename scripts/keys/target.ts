import { resolve } from "node:path";
import { DEPLOYED, type Deployed, readEnvironment } from "../cloudflare/environment.ts";
import { workerState } from "../local/worker.ts";

/** Which KV namespace: of a deployed environment, or of the local stack's folder. */
export type Target = { environment: Deployed } | { persistTo: string };

/** What `--env` and `--folder` name. @throws with what `--env` may be */
export function readTarget(environment: string | undefined, folder: string): Target {
  if (environment === undefined) return { persistTo: workerState(resolve(folder)) };
  const deployed = DEPLOYED.find((name) => name === environment);
  if (deployed) return { environment: deployed };
  throw new Error(`--env is staging or production, not "${environment}".`);
}

/** Where the local stack answers, unless its port is taken. */
const LOCAL_URL = "http://127.0.0.1:8787";

/** Where the API of a target is; null where `wrangler.toml` does not say. */
export const apiUrl = (root: string, target: Target) => urlOf(root, target, "API_HOSTS");

/** Where the vendor pushes to; null where `wrangler.toml` does not say. */
export const pushUrl = (root: string, target: Target) => urlOf(root, target, "PUSH_HOSTS");

/** Where analysts' clients connect to. */
export const mcpUrl = async (root: string, target: Target): Promise<string> =>
  `${(await urlOf(root, target, "MCP_HOSTS")) ?? "https://<one of MCP_HOSTS>"}/mcp`;

async function urlOf(
  root: string,
  target: Target,
  hosts: "API_HOSTS" | "PUSH_HOSTS" | "MCP_HOSTS",
): Promise<string | null> {
  if ("persistTo" in target) return LOCAL_URL;
  const { vars } = await readEnvironment(root, target.environment);
  const [host] = String(vars[hosts] ?? "").split(",");
  return host ? `https://${host.trim()}` : null;
}
