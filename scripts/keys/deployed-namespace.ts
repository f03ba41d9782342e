import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Entry, Namespace } from "./namespace.ts";

/** The namespace of an environment that is deployed, by wrangler. */
export function deployedNamespace(root: string, environment: string): Namespace {
  const wrangler = (...words: string[]) => callWrangler(root, environment, words);
  return {
    async put({ name, value, metadata }) {
      const folder = await mkdtemp(join(tmpdir(), "tracksolid-key-"));
      try {
        // A file, since the arguments of a process are for every user of the machine to see.
        const file = join(folder, "records.json");
        await writeFile(file, JSON.stringify([{ key: name, value, metadata }]));
        await wrangler("bulk", "put", file);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    async list(prefix) {
      const output = await wrangler("key", "list", "--prefix", prefix);
      return JSON.parse(output.slice(output.indexOf("["))) as Entry[];
    },
    async delete(name) {
      await wrangler("key", "delete", name);
    },
  };
}

async function callWrangler(root: string, environment: string, words: string[]): Promise<string> {
  const script = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  const place = ["--binding", "KEYS", "--env", environment, "--remote", "--preview=false"];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, "kv", ...words, ...place], {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`wrangler could not reach the key store.\n${(stderr || stdout).trim()}`);
  }
}
