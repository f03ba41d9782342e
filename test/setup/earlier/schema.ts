import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type postgres from "postgres";

const read = (file: string) => readFile(join(import.meta.dirname, file), "utf8");

/** Midnight in Nairobi, after which there is nothing. */
const UNTIL = "2026-07-31T21:00:00Z";

/** What a database of the earlier system holds. */
export interface Contents {
  /** SQL after the schema and before the rows. */
  variant?: string;
  /** Rows of 31 days. */
  history?: boolean;
  /** Seconds from fix to fix. */
  everyS?: number;
}

/** Makes an empty database one of the earlier system; with chunks where the server has TimescaleDB. */
export async function makeEarlier(
  sql: postgres.Sql,
  { variant = "", history = true, everyS = 600 }: Contents = {},
): Promise<void> {
  const run = (text: string) => sql.unsafe(text).simple();
  if (process.env.TIMESCALE_URL) await run("create extension timescaledb");
  await run(await read("system.sql"));
  await run(variant);
  if (process.env.TIMESCALE_URL) await run(await read("hypertable.sql"));
  if (history) {
    await run(`set old.until = '${UNTIL}'; set old.every_s = ${everyS}; ${await read("history.sql")}`);
  }
}
