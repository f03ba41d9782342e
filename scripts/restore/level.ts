import { join, resolve } from "node:path";
import type { Manifest } from "../backup/manifest.ts";
import { type Migration, MigrationRefused, readMigrations } from "../database/migrations.ts";

const folder = join(resolve(import.meta.dirname, "../.."), "migrations");

/** Migrations of this tree. */
export interface Levels {
  /** Those that the backup's database had. */
  backup: Migration[];
  all: Migration[];
}

/**
 * Which migrations a backup needs first, and which come after.
 * @throws MigrationRefused where this tree is not the backup's, or a later one
 */
export async function readLevels(manifest: Manifest): Promise<Levels> {
  const all = await readMigrations(folder);
  for (const { number, file, checksum } of manifest.migrations) {
    const ours = all.find((migration) => migration.number === number);
    if (!ours) {
      throw new MigrationRefused(
        `The backup is newer than this tree, which has no ${file}: check out the version that ran when the backup was made, or a later one.`,
      );
    }
    if (ours.checksum !== checksum) {
      throw new MigrationRefused(
        `${ours.file} is not what it was when the backup was made: check out the version that ran then.`,
      );
    }
  }
  const applied = new Set(manifest.migrations.map(({ number }) => number));
  return { backup: all.filter(({ number }) => applied.has(number)), all };
}
