import type postgres from "postgres";
import { copyOut } from "../database/copy-out.ts";

/** A value as Postgres writes it. */
export type Value = string | null;

/** Rows that came together. */
export type Batch = Value[][];

/** What values look like does not hang on who is asked; everything that is read is of one snapshot. It ends with the connection. */
const BEGIN = `
  begin isolation level repeatable read read only;
  set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601';
  set local extra_float_digits = 1; set local bytea_output = 'hex'; set local client_encoding = 'UTF8'`;

/** Begins to read: all that this connection is asked from now on is of one moment. */
export async function beginReading(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(BEGIN).simple();
}

const LINE_END = 10;

/** Rows of a query, on their way. */
export interface Copy {
  /** As they come: no more are held than are on their way. */
  batches: AsyncIterable<Batch>;
  /** Stops them, so that nobody waits for rows that nobody wants. */
  stop(): Promise<void>;
}

/** Begins to copy with the first batch that is asked for. */
export function copyRows(sql: postgres.Sql, query: string): Copy {
  const { chunks, stop } = copyOut(sql, query);
  return { batches: batchesOf(chunks), stop };
}

async function* batchesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Batch> {
  let rest: Buffer | undefined;
  for await (const chunk of chunks) {
    const bytes: Buffer = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LINE_END);
    rest = end === bytes.length - 1 ? undefined : Buffer.from(bytes.subarray(end + 1));
    if (end < 0) continue;
    yield bytes
      .toString("utf8", 0, end)
      .split("\n")
      .map((line) => line.split("\t").map(readValue));
  }
}

const ESCAPES: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function readValue(text: string): Value {
  if (!text.includes("\\")) return text;
  return text === "\\N" ? null : text.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}
