import { execFile } from "node:child_process";
import { copyFile, cp, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions as readWorker } from "wrangler";

const root = resolve(import.meta.dirname, "../..");

/** Where the console is, in the project and in a built Worker's folder. */
const CONSOLE = "dist/web";

type Options = Extract<Parameters<typeof convertV4MiniflareOptions>[0], { workers: unknown }>;

/** A Worker as Miniflare is told of it. */
export type BuiltWorker = Options["workers"][number];

/**
 * Bundles a Worker as a deploy does, into a folder that then has a copy of its configuration and of the console, too:
 * whoever builds that anew meanwhile, as `npm start` does, does not change what is looked at.
 * @param configPath From the root of the project.
 */
export async function buildWorker(configPath: string, folder: string): Promise<void> {
  const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  await promisify(execFile)(
    process.execPath,
    [wrangler, "deploy", "--dry-run", "--env=", "--config", configPath, "--outdir", folder],
    { cwd: root, env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false" } },
  );
  // Beside the original a developer's secrets would be found.
  await copyFile(join(root, configPath), join(folder, "wrangler.toml"));
  const servesConsole = (await readFile(join(root, configPath), "utf8")).includes(`"${CONSOLE}"`);
  if (servesConsole) await cp(join(root, CONSOLE), join(folder, CONSOLE), { recursive: true });
}

/** Reads what `buildWorker` has left: the Worker with the bindings of its configuration. */
export async function readBuiltWorker(folder: string): Promise<BuiltWorker> {
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  // Whoever starts it says which secrets it has; a warning would name those that are missing here.
  process.env.WRANGLER_LOG = "error";
  const { modulesRules: _, ...options } = readWorker(join(folder, "wrangler.toml")).workerOptions;
  delete process.env.WRANGLER_LOG;
  const files = (await readdir(folder)).filter((file) => /\.(js|sql)$/.test(file));
  return {
    ...options,
    modulesRoot: folder,
    // The first one is the entry.
    modules: files
      .sort((file) => (file === "index.js" ? -1 : 1))
      .map((file) => ({ type: file.endsWith(".sql") ? "Text" : "ESModule", path: join(folder, file) })),
  } as BuiltWorker;
}
