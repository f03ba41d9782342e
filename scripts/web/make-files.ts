import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import type { Files } from "./files.ts";
import { makePages } from "./pages.ts";

/** Files of web/ that are served as they are. `client` is imported by pages of others, who know its paths. */
const AS_THEY_ARE = ["_headers", "docs.css", "favicon.svg", "client/*"];

/** Everything that dist/web holds, but what is packed. */
export async function makeFiles(root: string): Promise<Files> {
  const web = join(root, "web");
  const { files, ...built } = await bundle(root);
  for (const name of globSync(AS_THEY_ARE, { cwd: web })) files.set(name, await readFile(join(web, name)));
  const template = await readFile(join(web, "index.html"), "utf8");
  for (const [name, html] of makePages(template, built)) files.set(name, new TextEncoder().encode(html));
  return files;
}
