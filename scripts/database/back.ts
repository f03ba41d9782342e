import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type postgres from "postgres";
import { exists, keptNames, lastAdopted } from "./adopted.ts";
import { alone, type Migration, MigrationRefused, readApplied, runFile } from "./migrations.ts";

/** The file of `migrations/back/` that takes one migration away again. */
export interface WayBack extends Pick<Migration, "number" | "file" | "sql" | "runAs"> {
  /** Its first line: what going back loses, and what to do before. */
  loss: string;
}

/** What a way back begins with that loses nothing, and one that does. */
const LOSS = /^-- (Loses (?:nothing\.|\S).*)\n/;

/**
 * Reads the ways back of a folder of migrations.
 * @throws MigrationRefused for a file that is not called as a migration is, or does not say what it loses.
 */
export async function readWaysBack(folder: string, migrations: Migration[]): Promise<WayBack[]> {
  const ways: WayBack[] = [];
  const files = await readdir(join(folder, "back"));
  for (const file of files.filter((name) => name.endsWith(".sql")).sort()) {
    const migration = migrations.find((candidate) => candidate.file === file);
    if (!migration) {
      throw new MigrationRefused(
        `back/${file} takes no migration of this tree back: call it as its migration is.`,
      );
    }
    const sql = await readFile(join(folder, "back", file), "utf8");
    const loss = LOSS.exec(sql)?.[1];
    if (!loss) {
      throw new MigrationRefused(
        `back/${file} does not say what is lost: begin it with "-- Loses nothing." or "-- Loses …".`,
      );
    }
    ways.push({ number: migration.number, file, sql, runAs: migration.runAs, loss });
  }
  return ways;
}

/**
 * Takes back what was applied after a migration, newest first, each file in its own transaction, unless it only says what it would do.
 *
 * @param sql A direct connection, as an administrator or `tracksolid_owner`.
 * @param to Number of the migration that is the newest then.
 * @param onTaken Told after each; without a duration where nothing is changed.
 * @returns what was, or would be, taken back
 * @throws MigrationRefused where one of them cannot be, before any is
 */
export async function goBack(
  sql: postgres.Sql,
  migrations: Migration[],
  ways: WayBack[],
  { to, apply }: { to: number; apply: boolean },
  onTaken: (way: WayBack, durationMs: number | null) => void = () => {},
): Promise<WayBack[]> {
  return alone(sql, async (connection) => {
    const wanted = await planBack(connection, migrations, ways, to);
    const kept = await keptNames(connection, true);
    for (const way of wanted) {
      onTaken(way, apply ? await takeBack(connection, way, kept) : null);
    }
    return wanted;
  });
}

async function planBack(
  sql: postgres.Sql,
  migrations: Migration[],
  ways: WayBack[],
  to: number,
): Promise<WayBack[]> {
  const applied = (await exists(sql, "private.migrations")) ? await readApplied(sql, migrations) : [];
  if (!applied.includes(to)) {
    throw new MigrationRefused(`Number ${to} is not applied to this database: nothing can go back to it.`);
  }
  const later = migrations.filter(({ number }) => number > to && applied.includes(number)).reverse();
  const missing = later.find(({ number }) => !ways.some((way) => way.number === number));
  if (missing) {
    throw new MigrationRefused(
      `${missing.file} has no way back: restore a backup from before it (migrations/back/README.md).`,
    );
  }
  const adopted = await lastAdopted(sql);
  if (to < adopted) {
    throw new MigrationRefused(
      `Up to number ${adopted} everything came with the adoption, which made it fit the tables of the earlier system: the way back before that is a backup.`,
    );
  }
  return later.flatMap(({ number }) => ways.filter((way) => way.number === number));
}

const takeBack = (sql: postgres.Sql, way: WayBack, kept: string[]): Promise<number> =>
  runFile(
    sql,
    { ...way, file: `back/${way.file}` },
    kept,
    () => sql`delete from private.migrations where number = ${way.number}`,
  );
