import type postgres from "postgres";
import { openDatabase } from "../../shared/database.ts";
import { toIso } from "../../shared/time.ts";
import type { Manifest } from "../backup/manifest.ts";
import { END_PATIENCE_S } from "../command.ts";
import { exists } from "../database/adopted.ts";
import { migrate } from "../database/migrations.ts";
import type { Progress } from "../progress.ts";
import type { Store } from "../store/store.ts";
import { archivedHours } from "./archive/hours.ts";
import { nothingReplayed, playHour, type Replayed } from "./archive/replay.ts";
import { allowNulls, putToRest, renumberMarks, setSequences, wake } from "./at-rest.ts";
import { copyRows, emptyTables, type OpenPiece } from "./copy-rows.ts";
import type { Levels } from "./level.ts";
import { type Step, Steps } from "./steps.ts";
import { planTables } from "./tables.ts";
import { type Target, withTarget } from "./target.ts";
import { begin, end, noteReached, readTables, readUnfinished } from "./unfinished.ts";

const MOST_TOLD = 10;

const DIFFERENT =
  "Something changes rows as they come, such as an event trigger of the server: find it, drop the database, and restore into a new one.";

/** What is restored. */
export interface Restore {
  manifest: Manifest;
  levels: Levels;
  open: OpenPiece;
  /** Where the Worker keeps what arrived. */
  archive: Store;
  /** What was received later is not restored. */
  untilMs: number;
}

/** Who looks at it. */
export interface Onlooker {
  log(text: string): void;
  progress: Progress;
}

/** What came of it. */
export interface Restored {
  tables: { table: string; backup: number; now: number }[];
  /** What the backup has and no migration makes, in words; of rows that this call brought. */
  leftOut: string[];
  replayed: Replayed;
  steps: Step[];
}

/**
 * Restores into a database that is empty, or goes on where another call was broken off.
 * @throws with what is wrong; the next call goes on after what was done
 */
export const restoreInto = (url: string, restore: Restore, onlooker: Onlooker): Promise<Restored> =>
  withTarget(url, async (target) => {
    const { sql } = target;
    const { manifest, untilMs } = restore;
    const steps = new Steps(onlooker.log);
    const unfinished = await readUnfinished(sql);
    if (!unfinished) await begin(sql, { id: manifest.id, at: toIso(untilMs) });
    let leftOut: string[] = [];
    if (unfinished?.reached == null) {
      leftOut = await restoreRows(target, restore, steps, onlooker.progress);
      await noteReached(sql, "");
    }
    await steps.take("Migrate on", () => migrate(sql, restore.levels.all));
    const replayed = await steps.take("Replay the archive", () =>
      replayArchive(url, sql, restore, unfinished?.reached ?? "", onlooker.progress),
    );
    const counts: Restored["tables"] = [];
    const restored = await readTables(sql);
    for (const { name, rows } of manifest.tables) {
      if (!restored.has(name) || !(await exists(sql, name))) continue;
      counts.push({ table: name, backup: rows, now: await countOf(sql, name) });
    }
    await end(sql);
    return { tables: counts, leftOut, replayed, steps: steps.done };
  });

/** Everything that the backup has, at its level. @returns what no migration makes */
async function restoreRows(
  { sql, rows }: Target,
  { manifest, levels, open }: Restore,
  steps: Steps,
  progress: Progress,
): Promise<string[]> {
  await steps.take(`Migrate to ${levels.backup.at(-1)?.file}`, () => migrate(sql, levels.backup));
  const { tables, leftOut } = await planTables(sql, manifest);
  await putToRest(sql, tables);
  await allowNulls(sql, tables);
  await emptyTables(sql, tables);
  await steps.take("Copy the rows, and read them again", async () => {
    const faults = await copyRows(rows, tables, open, progress);
    if (faults.length === 0) return;
    const more = faults.length > MOST_TOLD ? `, and ${faults.length - MOST_TOLD} more tables` : "";
    throw new Error(`${faults.slice(0, MOST_TOLD).join("; ")}${more}. ${DIFFERENT}`);
  });
  await setSequences(sql, manifest.sequences);
  await renumberMarks(sql);
  await wake(sql, tables);
  await steps.take("Analyze", async () => {
    for (const { name } of tables) await sql.unsafe(`analyze ${name}`);
  });
  return leftOut;
}

/** Plays every hour after the one that was reached. */
async function replayArchive(
  url: string,
  books: postgres.Sql,
  { manifest, archive, untilMs }: Restore,
  reached: string,
  progress: Progress,
): Promise<Replayed> {
  const replayed = nothingReplayed();
  const sql = openDatabase({ connectionString: url } as Hyperdrive);
  const bar = progress("archived objects");
  try {
    const span = { snapshotMs: Date.parse(manifest.snapshotAt), untilMs };
    for await (const hour of archivedHours(archive, span)) {
      if (hour.hour <= reached) continue;
      await playHour({ store: archive, sql, untilMs }, hour, replayed);
      await noteReached(books, hour.hour);
      bar.add(hour.objects.length);
    }
  } finally {
    bar[Symbol.dispose]();
    await sql.end({ timeout: END_PATIENCE_S });
  }
  return replayed;
}

async function countOf(sql: postgres.Sql, table: string): Promise<number> {
  const [row] = await sql.unsafe<{ count: number }[]>(`select count(*)::float8 as count from ${table}`);
  return row?.count ?? 0;
}
