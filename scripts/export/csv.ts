import { stringify } from "csv-stringify/sync";
import type { Column } from "./catalog.ts";
import type { Batch, Value } from "./copied.ts";
import { textForm } from "./forms.ts";

/** A cell that begins so is calculated by a spreadsheet. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A null is an empty cell, an empty text one in quotes. A line break ends a row for most readers, also where it is half of ours. */
const OPTIONS = { record_delimiter: "\r\n", quoted_match: /^$|[\r\n]/ };

/** Rows as RFC 4180 has them, with a first line of names. */
export const csvLines = (rows: Value[][]) => stringify(rows, OPTIONS);

/** A text that no spreadsheet takes for a formula. Numbers are left alone: -1 is one. */
export const harmless = (value: Value) => (value !== null && FORMULA.test(value) ? `'${value}` : value);

/** @param isExact leaves texts as they are, for programs */
export async function* csvOf(columns: Column[], batches: AsyncIterable<Batch>, isExact: boolean) {
  const forms = columns.map(({ kind }) => (kind === "text" && !isExact ? harmless : textForm(kind)));
  yield csvLines([columns.map(({ name }) => (isExact ? name : harmless(name)))]);
  for await (const batch of batches) {
    yield csvLines(batch.map((row) => forms.map((form, index) => form(row[index] ?? null))));
  }
}
