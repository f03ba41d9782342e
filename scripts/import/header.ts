import { parse } from "csv-parse/sync";
import { columnsOf, knownAmong, twiceIn, type Vocabulary } from "./columns.ts";

/** How the table of a file is written. */
export interface Header {
  delimiter: string;
  /** Characters before the table: a line `sep=;`, with which a spreadsheet is told the delimiter. */
  skipped: number;
  /** The names of the columns as they are written, without what trails them. */
  names: string[];
  /** The columns that they stand for. */
  columns: string[];
}

/** Longer than any header. */
export const HEAD_CHARACTERS = 64 * 1024;

/** Longer than any row, also one with a document in a cell: some quote was not closed. */
const LONGEST_ROW = 1024 * 1024;

/** How rows are read, in all files. */
export const ROWS = {
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  skip_records_with_error: true,
  max_record_size: LONGEST_ROW,
};

const DELIMITERS: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };

/** What people put above a table fits into these. */
const ROWS_LOOKED_AT = 10;

export const delimiterName = (delimiter: string): string => DELIMITERS[delimiter] ?? delimiter;

/** Reads the header of a table: the delimiter is the one that gives the most columns that are known, else the most at all. */
export function readHeader(path: string, head: string, vocabulary: Vocabulary): Header {
  if (/^\s*> \S+@/.test(head)) {
    throw new Error(`${path} begins with what npm says: export with npm run -s.`);
  }
  if (head.includes("\0") && head.split("\0").length > head.length / 4) {
    throw new Error(`${path} is no text, or UTF-16 that does not say so: save it as CSV UTF-8.`);
  }
  const [skipped = "", told] = /^"?sep=([,;\t|])"?(?:\r\n|\n|\r)/i.exec(head) ?? [];
  const text = head.slice(skipped.length, HEAD_CHARACTERS);
  const tables = (told === undefined ? Object.keys(DELIMITERS) : [told]).map((delimiter) => {
    const rows = firstRows(text, delimiter);
    return { delimiter, rows, known: rows.map(({ cells }) => knownAmong(cells, vocabulary)) };
  });
  const best = tables.reduce((best, table) => {
    const [most, mostOfBest] = [Math.max(0, ...table.known), Math.max(0, ...best.known)];
    const isWider = (table.rows[0]?.cells.length ?? 0) > (best.rows[0]?.cells.length ?? 0);
    return most > mostOfBest || (most === mostOfBest && isWider) ? table : best;
  });
  const { delimiter, rows, known } = best;
  const [first] = rows;
  if (first === undefined) throw new Error(`${path} is empty: its first line has to name columns.`);
  const line = (index: number) => (rows[index]?.line ?? 1) + (skipped === "" ? 0 : 1);
  const better = known.findIndex((count) => count > (known[0] ?? 0));
  if (better > 0) {
    throw new Error(
      `${path} has two headers: line ${line(better)} names the columns, and line ${line(0)} stands above it. Take away what is above line ${line(better)}.`,
    );
  }
  const names = first.cells.map((name) => name.trim());
  while (names.at(-1) === "") names.pop();
  const columns = columnsOf(names, vocabulary);
  const twice = twiceIn(columns);
  if (twice !== undefined) throw new Error(`${path} has two columns "${twice}".`);
  return { delimiter, skipped: skipped.length, names, columns };
}

/** The first rows that have something, with their lines from 1, as far as they can be read. */
function firstRows(text: string, delimiter: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  parse(text, {
    ...ROWS,
    delimiter,
    on_record: (cells: string[], { lines }) => {
      const line = lines - parserBreaks(cells);
      if (!isBlank(cells) && rows.length < ROWS_LOOKED_AT) rows.push({ line, cells });
      return null;
    },
  });
  return rows;
}

export const isBlank = (cells: string[]): boolean => cells.every((cell) => cell.trim() === "");

/** The lines that a row has beyond its first, as csv-parse counts: \r\n in a cell is two of them. */
export const parserBreaks = (cells: string[]): number =>
  cells.reduce((sum, cell) => sum + (/[\r\n]/.test(cell) ? cell.split(/[\r\n]/).length - 1 : 0), 0);
