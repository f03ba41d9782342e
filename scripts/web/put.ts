import { globSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ASSETS, type Files } from "./files.ts";

/** Every file in a folder and below, by its path in it. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) =>
    entry.isFile() ? [relative(folder, join(entry.parentPath, entry.name))] : [],
  );
}

/**
 * Makes the folder hold these files and no others. Pages come last, when what they name is there, and what nothing names
 * any more goes after them.
 */
export async function put(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Not within the folder: whoever lists that would find half a file.
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    const names = [...files.keys()];
    const isNamed = (name: string) => name.startsWith(`${ASSETS}/`);
    for (const turn of [names.filter(isNamed), names.filter((name) => !isNamed(name))]) {
      await Promise.all(turn.map((name) => putFile(folder, name, files.get(name), unfinished)));
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  for (const name of await filesIn(folder))
    if (!files.has(name)) await rm(join(folder, name), { force: true });
  // Deepest first; one that holds something stays.
  const folders = globSync("**/", { cwd: folder }).sort().reverse();
  for (const name of folders) await rmdir(join(folder, name)).catch(() => {});
}

async function putFile(
  folder: string,
  name: string,
  content: Uint8Array | undefined,
  unfinished: string,
): Promise<void> {
  if (content === undefined) return;
  const target = join(folder, name);
  // What watches the folder hears of what has changed only.
  if ((await readFile(target).catch(() => null))?.equals(content)) return;
  const written = join(unfinished, name.replaceAll("/", "+"));
  await writeFile(written, content);
  await mkdir(dirname(target), { recursive: true });
  await rename(written, target);
}
