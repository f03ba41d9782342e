import { extname } from "node:path";
import type { GivenRow, Problem } from "../../shared/tickets/check.ts";
import { columnsOf, twiceIn, type Vocabulary } from "./columns.ts";
import { openCsv } from "./csv.ts";
import { type TextFile, textOf } from "./encoding.ts";
import { delimiterName } from "./header.ts";
import { itemsOf } from "./json-items.ts";

/** The rows of a file of any size, some at a time, and those that are none. */
export interface RowSource {
  /** How the file is read, in words. */
  manner: string;
  rows: AsyncGenerator<(GivenRow | Problem)[]>;
}

/** Opens a file of rows: JSON where it is called so, else CSV. @throws where it cannot be read at all */
export async function openRows(
  file: TextFile,
  vocabulary: Vocabulary,
  onBytes: (bytes: number) => void,
): Promise<RowSource> {
  if (extname(file.path).toLowerCase() === ".json") {
    const rows = jsonRows(file, vocabulary, onBytes);
    return { manner: "JSON", rows };
  }
  const { header, rows } = await openCsv(file, vocabulary, onBytes);
  const { names, columns } = header;
  async function* given() {
    for await (const some of rows) {
      yield some.map((row) => {
        const place = `line ${row.line}`;
        if ("reason" in row) return { place, reason: row.reason };
        const { cells } = row;
        return {
          place,
          values: new Map(columns.map((column, index) => [column, cells[index]])),
          raw: Object.fromEntries(names.map((name, index) => [name, cells[index]])),
        };
      });
    }
  }
  return { manner: `cells parted by ${delimiterName(header.delimiter)}`, rows: given() };
}

async function* jsonRows(
  file: TextFile,
  vocabulary: Vocabulary,
  onBytes: (bytes: number) => void,
): RowSource["rows"] {
  let count = 0;
  for await (const items of itemsOf(file.path, textOf(file, onBytes))) {
    yield items.map((item) => {
      const place = `item ${++count}`;
      if (typeof item !== "object" || item === null || Array.isArray(item))
        return { place, reason: "is no object" };
      const columns = columnsOf(Object.keys(item), vocabulary);
      const twice = twiceIn(columns);
      if (twice !== undefined) return { place, reason: `has two values of "${twice}"` };
      const values = Object.values(item);
      return {
        place,
        values: new Map(columns.map((column, index) => [column, values[index]])),
        raw: item as Record<string, unknown>,
      };
    });
  }
  if (count === 0) throw new Error(`${file.path} has no rows.`);
}
