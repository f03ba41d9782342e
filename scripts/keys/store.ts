import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { secretName } from "../../shared/access.ts";
import type { SecretKind } from "./kinds.ts";
import type { Target } from "./target.ts";

/** What KV keeps of any secret. */
type Kept = { id: string; createdAt: string };

/** Makes a secret and stores its hash. @returns The secret, which nobody can read again. */
export async function createSecret<Own extends Kept>(
  root: string,
  target: Target,
  { prefix, make }: SecretKind<Own>,
  record: Own,
): Promise<string> {
  const secret = make(record);
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-key-"));
  try {
    // A file, since the arguments of a process are for every user of the machine to see.
    const file = join(folder, "records.json");
    const entry = {
      key: await secretName(prefix, secret),
      value: JSON.stringify(record),
      metadata: record,
    };
    await writeFile(file, JSON.stringify([entry]));
    await wrangler(root, target, ["bulk", "put", file]);
  } finally {
    await rm(folder, { recursive: true });
  }
  return secret;
}

/** Every secret of a kind in the namespace, oldest first. */
export async function listSecrets<Own extends Kept>(
  root: string,
  target: Target,
  { prefix, record }: SecretKind<Own>,
): Promise<{ name: string; record: Own }[]> {
  const output = await wrangler(root, target, ["key", "list", "--prefix", prefix]);
  const entries = JSON.parse(output.slice(output.indexOf("["))) as { name: string; metadata: unknown }[];
  return entries
    .flatMap(({ name, metadata }) => {
      const parsed = record.safeParse(metadata);
      return parsed.success ? [{ name, record: parsed.data }] : [];
    })
    .sort((a, b) => a.record.createdAt.localeCompare(b.record.createdAt));
}

/** Deletes a secret by its id. Edge locations forget it within a minute. @returns Whether it existed. */
export async function revokeSecret<Own extends Kept>(
  root: string,
  target: Target,
  kind: SecretKind<Own>,
  id: string,
): Promise<boolean> {
  const found = (await listSecrets(root, target, kind)).find(({ record }) => record.id === id);
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
