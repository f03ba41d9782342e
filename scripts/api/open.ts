import { resolve } from "node:path";
import { newId } from "../../shared/ids.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { apiKeys } from "../keys/kinds.ts";
import { createSecret, revokeSecret } from "../keys/store.ts";
import { apiUrl, readTarget } from "../keys/target.ts";
import { LOCAL_FOLDER } from "../local/worker.ts";

const root = resolve(import.meta.dirname, "../..");

/** Longer than a command takes; it is taken back before. */
const KEY_LIFETIME_MS = 24 * 3_600_000;

/** Options of a command that asks an API. */
export const apiOptions = {
  env: { type: "string" },
  url: { type: "string" },
  key: { type: "string" },
  folder: { type: "string", default: resolve(root, LOCAL_FOLDER) },
} as const;

/** The same as their help says them. */
export const API_HELP = `  --env staging|production   a deployed environment; without it, the local stack
  --url URL                  where its API is, when not where wrangler.toml says
  --key KEY                  a key with the scope admin; without it one is made, for a day at most, and taken back
  --folder DIR               where the local stack keeps its state (${LOCAL_FOLDER})`;

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
  options: { env?: string; url?: string; key?: string; folder: string },
  /** The command, as the list of keys names it meanwhile. */
  label: string,
): Promise<Api> {
  const { env, key } = options;
  const target = readTarget(env, options.folder);
  const known = options.url ?? (await apiUrl(root, target));
  if (known === null) {
    throw new Error(`wrangler.toml names no host of ${env} in API_HOSTS: give it as --url.`);
  }
  const url = readOrigin(known, "an API");
  if (key !== undefined) return { url, key, close: async () => {} };
  const id = newId();
  const made = await createSecret(root, target, apiKeys, {
    id,
    kind: "sk",
    label,
    scopes: ["admin"],
    origins: [],
    createdAt: toIso(nowMs()),
    expiresAt: toIso(nowMs() + KEY_LIFETIME_MS),
  });
  return {
    url,
    key: made,
    async close() {
      await revokeSecret(root, target, apiKeys, id);
    },
  };
}

/** Where something is served, as the options name it. @throws with how to write it */
export function readOrigin(text: string, what: string): string {
  const isWeb = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isWeb || new URL(text).origin !== text.replace(/\/$/, "")) {
    throw new Error(
      `"${text}" is not where ${what} is: write it like https://api.example.com, without a path.`,
    );
  }
  return new URL(text).origin;
}
