import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createDatabase, type OwnDatabase } from "../database.ts";

const read = (file: string) => readFile(join(import.meta.dirname, file), "utf8");

/** Noon of a day that is over everywhere. */
const UNTIL = "2026-07-31T21:00:00Z";

/** Makes a database of the earlier system. */
export async function oldDatabase({
  variant = "",
  history = true,
  everyS = 600,
}: {
  variant?: string;
  history?: boolean;
  everyS?: number;
} = {}): Promise<OwnDatabase> {
  const database = await createDatabase("empty");
  const run = (sql: string) => database.sql.unsafe(sql).simple();
  if (process.env.TIMESCALE_URL) await run("create extension timescaledb");
  await run(await read("system.sql"));
  await run(variant);
  if (process.env.TIMESCALE_URL) await run(await read("hypertable.sql"));
  if (history) {
    await run(`set old.until = '${UNTIL}'; set old.every_s = ${everyS}; ${await read("history.sql")}`);
  }
  return database;
}
