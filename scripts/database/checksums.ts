import { readFile, writeFile } from "node:fs/promises";
import { type Migration, MigrationRefused } from "./migrations.ts";

/** What files were when they were released, as `sha256sum` writes it: a file that stands here is never rewritten. */
export async function readChecksums(path: string): Promise<Map<string, string>> {
  const lines = (await readFile(path, "utf8")).split("\n").filter(Boolean);
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/**
 * Adds what is new.
 * @throws MigrationRefused where a file that stands there is another one now, or gone.
 */
export async function addChecksums(path: string, migrations: Migration[]): Promise<void> {
  const known = await readChecksums(path);
  for (const [file, checksum] of known) {
    if (migrations.find((migration) => migration.file === file)?.checksum === checksum) continue;
    throw new MigrationRefused(
      `${file} was released and is not as it was: restore it and put the change into a new file. The line of one that never was may be taken out of migrations/checksums.txt.`,
    );
  }
  const lines = migrations.map(({ file, checksum }) => `${checksum}  ${file}\n`);
  await writeFile(path, lines.join(""));
}
