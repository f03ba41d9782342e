import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Store, Stored } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** What is being written; whoever lists does not see it. */
const UNFINISHED = ".part";

/** A store in a folder, which has to be there: one that is not may be a disk that is not mounted. */
export function folderStore(folder: string): Store {
  const root = resolve(folder);

  const present = async () => {
    const found = await stat(root).catch(() => null);
    if (found?.isDirectory()) return;
    throw new StoreError(`There is no folder ${root}: make it, or mount what it is on.`, { mayPass: false });
  };

  return {
    name: root,

    async put(key, body) {
      await present();
      const path = pathOf(root, key);
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path + UNFINISHED, "w");
      try {
        await file.writeFile(body);
        await file.sync();
      } catch (error) {
        // Nobody would take it away: a disk that is full stays so.
        await rm(path + UNFINISHED, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      await rename(path + UNFINISHED, path);
      await syncFolder(dirname(path));
    },

    async get(key) {
      await present();
      return orNull(readFile(pathOf(root, key)));
    },

    async *list(prefix) {
      await present();
      const under = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      const entries = await orNull(readdir(join(root, under), { recursive: true, withFileTypes: true }));
      const keys = (entries ?? [])
        .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
        .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
        .filter((key) => key.startsWith(prefix))
        .sort();
      for (const key of keys) {
        const found = await orNull(stat(join(root, key)));
        if (found) yield { key, bytes: found.size, putAtMs: Math.floor(found.mtimeMs) } satisfies Stored;
      }
    },

    async remove(keys) {
      await present();
      for (const key of keys) await rm(pathOf(root, key), { force: true });
    },
  };
}

/** @throws where a key would lead out of the folder, or to what is being written */
function pathOf(root: string, key: string): string {
  const parts = key.split("/");
  const isAstray = parts.some((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part));
  if (isAstray || key.endsWith(UNFINISHED)) {
    throw new StoreError(`"${key.slice(0, 200)}" is no key of a store.`, { mayPass: false });
  }
  return join(root, ...parts);
}

/** So that the new name outlives a crash of the machine. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orNull<Result>(found: Promise<Result>): Promise<Result | null> {
  return found.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}
