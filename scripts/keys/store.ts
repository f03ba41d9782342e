import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { KEY_PREFIX, type KeyRecord, keyName, keyRecord, newKey } from "../../shared/access.ts";

/** Which KV namespace: of a deployed environment, or of the local stack's folder. */
export type Target = { environment: "staging" | "production" } | { persistTo: string };

/** Makes a key and stores its hash. @returns The key, which nobody can read again. */
export async function createKey(root: string, target: Target, record: KeyRecord): Promise<string> {
  const key = newKey(record.kind);
  const text = JSON.stringify(record);
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-key-"));
  try {
    // A file, since the arguments of a process are for every user of the machine to see.
    const file = join(folder, "records.json");
    await writeFile(file, JSON.stringify([{ key: await keyName(key), value: text, metadata: record }]));
    await wrangler(root, target, ["bulk", "put", file]);
  } finally {
    await rm(folder, { recursive: true });
  }
  return key;
}

/** Every key of the namespace, oldest first. */
export async function listKeys(root: string, target: Target): Promise<{ name: string; record: KeyRecord }[]> {
  const output = await wrangler(root, target, ["key", "list", "--prefix", KEY_PREFIX]);
  const entries = JSON.parse(output.slice(output.indexOf("["))) as { name: string; metadata: unknown }[];
  return entries
    .flatMap(({ name, metadata }) => {
      const parsed = keyRecord.safeParse(metadata);
      return parsed.success ? [{ name, record: parsed.data }] : [];
    })
    .sort((a, b) => a.record.createdAt.localeCompare(b.record.createdAt));
}

/** Deletes a key by its id. Edge locations forget it within a minute. @returns Whether it existed. */
export async function revokeKey(root: string, target: Target, id: string): Promise<boolean> {
  const found = (await listKeys(root, target)).find(({ record }) => record.id === id);
  if (!found) return false;
  await wrangler(root, target, ["key", "delete", found.name]);
  return true;
}

async function wrangler(root: string, target: Target, command: string[]): Promise<string> {
  const place =
    "environment" in target
      ? ["--env", target.environment, "--remote", "--preview=false"]
      : ["--local", "--persist-to", target.persistTo, "--preview=false"];
  const script = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, "kv", ...command, "--binding", "KEYS", ...place],
      {
        cwd: root,
        env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`wrangler could not reach the key store.\n${(stderr || stdout).trim()}`);
  }
}
