import { join } from "node:path";
import { newId } from "../../shared/ids.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { createKey, revokeKey, type Target } from "../keys/store.ts";
import { workerState } from "../local/worker.ts";

/** Where the local stack answers, unless its port is taken. */
const LOCAL_URL = "http://127.0.0.1:8787";

/** Longer than a replay takes; it is taken back before. */
const KEY_LIFETIME_MS = 24 * 3_600_000;

/** An API, and a key for it. */
export interface Api {
  url: string;
  key: string;
  /** Takes the key back where it was made for the occasion. */
  close(): Promise<void>;
}

/**
 * The API that the options name. Without a key one is made for the occasion, as `npm run keys` does, and taken back.
 * @throws with what to write instead
 */
export async function openApi(
  root: string,
  options: { env: string | undefined; url: string | undefined; key: string | undefined; folder: string },
): Promise<Api> {
  const { env, key } = options;
  if (env !== undefined && env !== "staging" && env !== "production") {
    throw new Error(`--env is staging or production, not "${env}".`);
  }
  const url = readUrl(options.url ?? (env === undefined ? LOCAL_URL : await urlOf(root, env)));
  if (key !== undefined) return { url, key, close: async () => {} };
  const target: Target =
    env === undefined ? { persistTo: workerState(options.folder) } : { environment: env };
  const id = newId();
  const made = await createKey(root, target, {
    id,
    kind: "sk",
    label: "npm run replay",
    scopes: ["admin"],
    origins: [],
    createdAt: toIso(nowMs()),
    expiresAt: toIso(nowMs() + KEY_LIFETIME_MS),
  });
  return {
    url,
    key: made,
    async close() {
      await revokeKey(root, target, id);
    },
  };
}

function readUrl(text: string): string {
  const isWeb = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isWeb || new URL(text).origin !== text.replace(/\/$/, "")) {
    throw new Error(
      `"${text}" is not where an API is: write it like https://api.example.com, without a path.`,
    );
  }
  return new URL(text).origin;
}

async function urlOf(root: string, environment: string): Promise<string> {
  // It takes a second to load, and only a deployed environment needs it.
  const { unstable_readConfig } = await import("wrangler");
  const { vars } = unstable_readConfig({ config: join(root, "wrangler.toml"), env: environment });
  const [host] = String(vars.API_HOSTS ?? "").split(",");
  if (!host) throw new Error(`wrangler.toml names no host of ${environment} in API_HOSTS: give it as --url.`);
  return `https://${host.trim()}`;
}
