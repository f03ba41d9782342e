import { literal } from "../../shared/quote.ts";
import { NO_CONNECTION_LEFT, reasonOf } from "../command.ts";
import { type Lane, LOST_CODE, openLane } from "./lane.ts";
import { findTables, type Table } from "./tables.ts";

/** SQLSTATE where a statement waited too long for a lock. */
const LOCK_NOT_AVAILABLE = "55P03";

/** What it is called when a connection ends: by postgres.js, by the system, by a server that is stopped or told to. */
const LOST = new Set([LOST_CODE, "ECONNRESET", "EPIPE", "57P01", "57P02"]);

const BEGIN = "begin isolation level repeatable read, read only";

/** One state of a database. */
export interface Snapshot {
  /** Connections that see it: two where the role may have as many, of the three of backup_ro. */
  lanes: Lane[];
  tables: Table[];
  /** The database's clock, ms. */
  atMs: number;
}

/**
 * Works on one state of a database. The transactions end with their connections: a failure does not wait for the rest of a table.
 * @param url A direct connection.
 */
export async function onSnapshot<Result>(
  url: string,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const leader = openLane(url);
  const follower = openLane(url);
  try {
    const known = await findTables(leader.sql);
    if (known.length === 0)
      throw new Error("The database has no tables of ours: is DATABASE_URL the right one?");
    await leader.sql.unsafe(BEGIN);
    // Before anything is asked, which is when the snapshot is taken: what is locked then nobody truncates, compresses or alters
    // before it is copied. A copy after that would find nothing in its place.
    await lock(leader, known);
    const [state] = await leader.sql<{ id: string; atMs: number }[]>`
      select pg_export_snapshot() as id, extract(epoch from clock_timestamp())::float8 * 1000 as "atMs"`;
    const { id, atMs } = state as { id: string; atMs: number };
    const tables = await findTables(leader.sql);
    const late = tables.find(({ name }) => known.every((table) => table.name !== name));
    if (late) {
      throw new Error(
        `${late.name} was made while the backup began. Try again when the migration is through.`,
      );
    }
    const lanes = (await joins(follower, id, tables)) ? [leader, follower] : [leader];
    return await work({ lanes, tables, atMs: Math.floor(atMs) });
  } catch (error) {
    for (const lane of [leader, follower]) lane.cut();
    if (!LOST.has((error as { code?: string }).code ?? "")) throw error;
    throw new Error(
      `The connection to the database was lost (${reasonOf(error)}). What is stored stays: run it again, and it goes on where it was.`,
      { cause: error },
    );
  } finally {
    await Promise.all([leader, follower].map((lane) => lane.close()));
  }
}

async function lock({ sql }: Lane, tables: Table[]): Promise<void> {
  try {
    await sql.unsafe(`lock table ${tables.map(({ name }) => name).join(", ")} in access share mode`);
  } catch (error) {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new Error(
      "Somebody alters a table, and did not end within a minute. Try again when the migration is through.",
      {
        cause: error,
      },
    );
  }
}

/** @returns false where there is no second connection to be had: another backup may run */
async function joins(lane: Lane, snapshotId: string, tables: Table[]): Promise<boolean> {
  try {
    await lane.sql.unsafe(BEGIN);
  } catch (error) {
    if ((error as { code?: string }).code === NO_CONNECTION_LEFT) return false;
    throw error;
  }
  await lane.sql.unsafe(`set transaction snapshot ${literal(snapshotId)}`);
  // Later it would wait behind whoever waits for the first to be done, for ever.
  await lock(lane, tables);
  return true;
}
