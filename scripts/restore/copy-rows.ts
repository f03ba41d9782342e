import type postgres from "postgres";
import { inOrder } from "../backup/in-order.ts";
import type { Piece } from "../backup/manifest.ts";
import { reasonOf } from "../command.ts";
import { copyOut } from "../database/copy-out.ts";
import type { Progress } from "../progress.ts";
import { copyIn } from "./copy-in.ts";
import { RowSum } from "./row-sum.ts";
import { type Planned, pickFields } from "./tables.ts";
import { noteTable, noteTables, readTables, type TableState } from "./unfinished.ts";

/** Pieces that are fetched and opened while one is copied. Each is some 8 MB. */
const AT_ONCE = 4;

/** The text of a piece, checked. */
export type OpenPiece = (piece: Piece) => Promise<Buffer>;

/** Takes away what migrations put into tables: the backup has it, as it is by now. Once, before anything is copied. */
export async function emptyTables(sql: postgres.Sql, tables: Planned[]): Promise<void> {
  if ((await readTables(sql)).size > 0) return;
  await sql.begin(async (tx) => {
    for (const { name } of tables.toReversed()) await tx.unsafe(`delete from ${name}`);
    await noteTables(
      tx,
      tables.map(({ name }) => name),
    );
  });
}

/**
 * Copies the pieces of every table that are not copied yet, each with a note of it in one transaction, and reads the table again.
 * @returns what is not as in the backup, in words
 */
export async function copyRows(
  sql: postgres.Sql,
  tables: Planned[],
  open: OpenPiece,
  progress: Progress,
): Promise<string[]> {
  const states = await readTables(sql);
  const faults: string[] = [];
  for (const planned of tables) {
    const state = states.get(planned.name);
    if (!state || state.isCompared) continue;
    const copied = await copyTable(sql, planned, state, open, progress);
    faults.push(...(await compare(sql, planned, copied, open, progress)));
  }
  return faults;
}

async function copyTable(
  sql: postgres.Sql,
  { name, backup, columns, fields }: Planned,
  known: TableState,
  open: OpenPiece,
  progress: Progress,
): Promise<TableState> {
  const sum = new RowSum(known);
  const state = { ...known, sum: sum.sum };
  const copy = `copy ${name} (${columns.join(", ")}) from stdin`;
  const bar = progress(`copy ${name}`, backup.rows);
  bar.add(state.rows);
  try {
    for await (const text of inOrder(backup.pieces.slice(state.pieces), AT_ONCE, open)) {
      const rows = fields === null ? text : pickFields(text, fields);
      const before = sum.rows;
      sum.add(rows);
      Object.assign(state, { pieces: state.pieces + 1, rows: sum.rows, sum: sum.sum });
      await sql.begin(async (tx) => {
        await copyIn(tx, copy, rows);
        await noteTable(tx, name, state);
      });
      bar.add(sum.rows - before);
    }
  } catch (error) {
    throw new Error(`${name}: ${reasonOf(error)}`, { cause: error });
  } finally {
    bar[Symbol.dispose]();
  }
  return state;
}

async function compare(
  sql: postgres.Sql,
  planned: Planned,
  copied: TableState,
  open: OpenPiece,
  progress: Progress,
): Promise<string[]> {
  const { name, backup, columns } = planned;
  const sum = new RowSum();
  const bar = progress(`read again ${name}`, backup.rows);
  try {
    const { chunks } = copyOut(sql, `select ${columns.join(", ")} from ${name}`);
    for await (const chunk of chunks) {
      const before = sum.rows;
      sum.add(chunk);
      bar.add(sum.rows - before);
    }
  } finally {
    bar[Symbol.dispose]();
  }
  if (sum.rows !== backup.rows) return [`${name} has ${sum.rows} rows, the backup ${backup.rows}`];
  if (sum.sum !== copied.sum && sum.sum !== (await sumAsWritten(sql, planned, open))) {
    return [`${name} has ${sum.rows} rows, but not those of the backup`];
  }
  await noteTable(sql, name, { ...copied, isCompared: true });
  return [];
}

/**
 * The sum of the rows of the backup as columns of these types write them, which nothing else has to do with: where a database was taken
 * over, `42.10` may have been of a type that keeps the last digit.
 */
async function sumAsWritten(
  sql: postgres.Sql,
  { name, backup, columns, fields }: Planned,
  open: OpenPiece,
): Promise<string> {
  const sum = new RowSum();
  const list = columns.join(", ");
  for await (const text of inOrder(backup.pieces, AT_ONCE, open)) {
    await sql.begin(async (tx) => {
      await tx.unsafe(
        `create temp table as_written on commit drop as select ${list} from ${name} with no data`,
      );
      await copyIn(
        tx,
        `copy as_written (${list}) from stdin`,
        fields === null ? text : pickFields(text, fields),
      );
      const { chunks } = copyOut(tx as unknown as postgres.Sql, `select ${list} from as_written`);
      for await (const chunk of chunks) sum.add(chunk);
    });
  }
  return sum.sum;
}
