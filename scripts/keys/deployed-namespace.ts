import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonOf } from "../cloudflare/output.ts";
import { WranglerFailed, wrangler } from "../cloudflare/wrangler.ts";
import type { Entry, Namespace } from "./namespace.ts";

/** The namespace of an environment that is deployed, by wrangler. */
export function deployedNamespace(root: string, environment: string): Namespace {
  const ask = (...words: string[]) => callWrangler(root, environment, words);
  return {
    async put({ name, value, metadata }) {
      const folder = await mkdtemp(join(tmpdir(), "tracksolid-key-"));
      try {
        // A file, since the arguments of a process are for every user of the machine to see.
        const file = join(folder, "records.json");
        await writeFile(file, JSON.stringify([{ key: name, value, metadata }]));
        await ask("bulk", "put", file);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    async list(prefix) {
      return jsonOf(await ask("key", "list", "--prefix", prefix)) as Entry[];
    },
    async delete(name) {
      await ask("key", "delete", name);
    },
  };
}

async function callWrangler(root: string, environment: string, words: string[]): Promise<string> {
  const place = ["--binding", "KEYS", "--env", environment, "--remote", "--preview=false"];
  try {
    return await wrangler(root, ["kv", ...words, ...place]);
  } catch (error) {
    if (!(error instanceof WranglerFailed)) throw error;
    throw new Error(`wrangler could not reach the key store.\n${error.output}`);
  }
}
