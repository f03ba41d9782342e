import type postgres from "postgres";
import columnFacts from "#sql/workers/analyst/wall/columns.sql";
import type { AnalystConfig } from "../../../shared/config.ts";
import { ToolRefusal } from "../tool.ts";
import { type Column, describedColumns } from "./columns.ts";
import { extended } from "./transaction.ts";

/** A statement of an analyst, with what may come of it. */
export interface Asked {
  sql: string;
  /** Text as the server reads it, or null. */
  parameters: (string | null)[];
  mostRows: number;
}

/** What came of it. */
export interface Found {
  columns: Column[];
  /** A JSON list, UTF-8. */
  rows: Uint8Array;
  rowCount: number;
  /** Of that list. */
  bytes: number;
  /** What there was more of than may leave the database; null where that is all. */
  stoppedBy: "rows" | "bytes" | null;
}

/** Only the caller's own word for it: of the statement's cursor. */
const CURSOR = "analyst";

const DECLARE = `declare ${CURSOR} no scroll cursor for `;

/** What `fn_read_cursor` says of the rows. */
interface Read {
  row_count: number;
  bytes: number;
  stopped_by: Found["stoppedBy"];
}

interface Planned {
  "QUERY PLAN": { Plan: { "Total Cost": number } }[];
}

/**
 * Runs one statement that reads. The server itself sees to it that it is one, and that it reads: it is declared as a cursor, by the
 * extended protocol, which takes neither a second statement nor anything but a select. It is planned before it runs, and what comes
 * of it is bounded where it is made.
 * @throws ToolRefusal `too_costly`
 */
export async function runStatement(
  tx: postgres.TransactionSql,
  { sql, parameters, mostRows }: Asked,
  { ANALYST_MOST_BYTES, ANALYST_MOST_COST }: AnalystConfig,
): Promise<Found> {
  // One trip: the server takes them in their order, and the first that fails fails those after it. Nothing
  // else is sent until a description is there.
  const [plan, , described] = await Promise.all([
    extended<Planned>(tx, `explain (format json) ${sql}`, parameters),
    extended(tx, DECLARE + sql, parameters),
    extended(tx, sql, parameters).describe(),
  ]);
  const cost = plan[0]?.["QUERY PLAN"][0]?.Plan["Total Cost"] ?? 0;
  if (cost > ANALYST_MOST_COST) {
    throw new ToolRefusal(
      "too_costly",
      `The planner expects a cost of ${Math.round(cost).toLocaleString("en")}, and ${ANALYST_MOST_COST.toLocaleString("en")} is the most: it would not end in time. Ask for fewer days or vehicles, join on keys, or read a roll-up (catalogue://index) instead of positions. The tool "explain" shows the plan.`,
    );
  }
  const told = described.columns as unknown as {
    name: string;
    type: number;
    table: number;
    number: number;
  }[];
  const [facts, [answer]] = await Promise.all([
    extended<{ facts: string }>(tx, columnFacts, [
      JSON.stringify(told.map(({ type, table, number }) => ({ type, relation: table, column: number }))),
    ]),
    extended(
      tx,
      `select rows, json_build_object('row_count', row_count, 'bytes', bytes, 'stopped_by', stopped_by)
       from reporting.fn_read_cursor($1, $2, $3)`,
      [CURSOR, String(mostRows), String(ANALYST_MOST_BYTES)],
    ).raw(),
  ]);
  const [rows, summary] = answer as unknown as Buffer[];
  if (rows === undefined || summary === undefined) throw new Error("A cursor was read without a row.");
  const read = JSON.parse(summary.toString()) as Read;
  if (read.stopped_by === "bytes" && read.row_count === 0) {
    throw new ToolRefusal(
      "row_too_large",
      `The first row alone is larger than the ${ANALYST_MOST_BYTES.toLocaleString("en")} bytes that an answer may have: choose fewer columns, or cut texts with left().`,
    );
  }
  return {
    columns: describedColumns(
      told.map(({ name }) => name),
      JSON.parse(facts[0]?.facts ?? "[]"),
    ),
    rows,
    rowCount: read.row_count,
    bytes: read.bytes,
    stoppedBy: read.stopped_by,
  };
}
