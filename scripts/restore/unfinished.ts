import type postgres from "postgres";
import { exists } from "../database/adopted.ts";
import { SCHEMAS } from "../database/dictionary.ts";

/** A restore that was begun: the schema `restoring` of a database has it until it is through. */
export interface Unfinished {
  /** Of the backup. */
  id: string;
  /** What was received later is not restored. */
  at: string;
  /** Every row is there; of the archive all that lies in hours before this one. Null until then. */
  reached: string | null;
}

/** How far a table is. */
export interface TableState {
  /** Pieces that are copied. */
  pieces: number;
  /** Of their rows, as {@link RowSum} has it. */
  rows: number;
  sum: string;
  /** It was read again, and is what the backup has. */
  isCompared: boolean;
}

const BOOKS = `
  create schema restoring;
  create table restoring.backup (id text primary key, at text not null, reached text);
  create table restoring.tables (
    name text primary key, pieces integer not null, rows bigint not null, sum text not null, is_compared boolean not null
  );
  comment on schema restoring is 'A restore that is not through: npm run restore goes on with it, and drops this.'`;

/**
 * The restore that a database is in the middle of; null in an empty one.
 * @throws for a database that holds anything of ours
 */
export async function readUnfinished(sql: postgres.Sql): Promise<Unfinished | null> {
  if (await exists(sql, "restoring.backup")) {
    const [row] = await sql<Unfinished[]>`select id, at, reached from restoring.backup`;
    if (row) return row;
  }
  const held = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname = any(${[...SCHEMAS, "restoring"]}) order by 1`;
  if (held.length === 0) return null;
  throw new Error(
    `The database is not empty: it has ${held.map(({ name }) => `the schema ${name}`).join(", ")}. Restore into a new one: create database ….`,
  );
}

export async function begin(sql: postgres.Sql, { id, at }: Omit<Unfinished, "reached">): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(BOOKS).simple();
    await tx`insert into restoring.backup (id, at) values (${id}, ${at})`;
  });
}

/** Notes tables, none of them begun. Those that are known stay as they are. */
export async function noteTables(sql: postgres.ISql, names: string[]): Promise<void> {
  for (const name of names) {
    await sql`
      insert into restoring.tables (name, pieces, rows, sum, is_compared) values (${name}, 0, 0, '', false)
      on conflict do nothing`;
  }
}

export async function readTables(sql: postgres.Sql): Promise<Map<string, TableState>> {
  const rows = await sql<(TableState & { name: string })[]>`
    select name, pieces, rows::float8 as rows, sum, is_compared as "isCompared" from restoring.tables`;
  return new Map(rows.map(({ name, ...state }) => [name, state]));
}

export async function noteTable(sql: postgres.ISql, name: string, state: TableState): Promise<void> {
  const { pieces, rows, sum, isCompared } = state;
  await sql`
    update restoring.tables set pieces = ${pieces}, rows = ${rows}, sum = ${sum}, is_compared = ${isCompared}
    where name = ${name}`;
}

export async function noteReached(sql: postgres.Sql, reached: string): Promise<void> {
  await sql`update restoring.backup set reached = ${reached}`;
}

export async function end(sql: postgres.Sql): Promise<void> {
  await sql`drop schema restoring cascade`;
}
