import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");

/**
 * Bundles the Worker as a deploy does, once for all stacks of a run.
 * @param folder Where the bundle goes.
 * @returns Path of a configuration like wrangler.toml whose Worker is that bundle.
 */
export async function buildWorker(folder: string): Promise<string> {
  const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  await promisify(execFile)(
    process.execPath,
    [wrangler, "deploy", "--dry-run", "--env=", "--outdir", folder],
    {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
    },
  );
  const config = await readFile(join(root, "wrangler.toml"), "utf8");
  const path = join(folder, "wrangler.toml");
  await writeFile(
    path,
    [
      ['main = "workers/index.ts"', 'main = "index.js"\nno_bundle = true'],
      ["minify = true\n", ""],
      [
        '[build]\ncommand = "node scripts/sql-modules.ts"\nwatch_dir = ["workers", "durable-objects", "shared"]\n',
        "",
      ],
      ['directory = "web"', `directory = ${JSON.stringify(join(root, "web"))}`],
    ].reduce((text, [written = "", built = ""]) => replaceOnce(text, written, built), config),
  );
  return path;
}

function replaceOnce(text: string, written: string, built: string): string {
  if (text.split(written).length !== 2) throw new Error(`wrangler.toml does not have once: ${written}`);
  return text.replace(written, () => built);
}
