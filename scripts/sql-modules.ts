import { globSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { withoutComments } from "./sql-modules/without-comments.ts";

/** Where the Worker's statements are. */
const SOURCES = "{workers,durable-objects,shared}/**/*.sql";

const root = resolve(import.meta.dirname, "..");
const built = join(root, "dist", "sql");

/**
 * Writes the Worker's statements without their comments to dist/sql, where `#sql/…` leads to (package.json); a fifth of their
 * bytes stays behind. wrangler runs it before it bundles (wrangler.toml), several at a time in tests: whatever reads a file finds
 * it whole.
 */
const sources = globSync(SOURCES, { cwd: root });
await Promise.all(sources.map(build));
for (const stale of globSync("**/*.sql", { cwd: built })) {
  if (!sources.includes(stale)) await rm(join(built, stale), { force: true });
}

async function build(name: string): Promise<void> {
  const target = join(built, name);
  const sql = withoutComments(await readFile(join(root, name), "utf8"));
  if ((await readFile(target, "utf8").catch(() => null)) === sql) return;
  await mkdir(dirname(target), { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  await writeFile(unfinished, sql);
  await rename(unfinished, target);
}
