import { CsvError, parse } from "csv-parse";
import type { Vocabulary } from "./columns.ts";
import { type TextFile, textOf } from "./encoding.ts";
import { HEAD_CHARACTERS, type Header, isBlank, parserBreaks, ROWS, readHeader } from "./header.ts";

/** A row of a table, or why it is none. */
export type CsvRow = { line: number; cells: string[] } | { line: number; reason: string };

/** A table that is being read. */
export interface CsvTable {
  header: Header;
  /** Some rows at a time, until the end. @throws where rows cannot be told from each other any more */
  rows: AsyncGenerator<CsvRow[]>;
}

/**
 * Reads a table of any size: lines are counted from 1, and a row is where its first line is.
 * @throws where its header cannot be read
 */
export async function openCsv(
  file: TextFile,
  vocabulary: Vocabulary,
  onBytes?: (bytes: number) => void,
): Promise<CsvTable> {
  const chunks = textOf(file, onBytes);
  let head = "";
  while (head.length < HEAD_CHARACTERS) {
    const { value, done } = await chunks.next();
    if (done) break;
    head += value;
  }
  const header = readHeader(file.path, head, vocabulary);
  return { header, rows: rowsOf(file.path, header, head.slice(header.skipped), chunks) };
}

async function* rowsOf(
  path: string,
  header: Header,
  head: string,
  rest: AsyncGenerator<string>,
): AsyncGenerator<CsvRow[]> {
  const { names, delimiter } = header;
  // What csv-parse counts too little or too much.
  let shift = header.skipped === 0 ? 0 : 1;
  let next = 1 + shift;
  let rows: CsvRow[] = [];
  // The header is the first.
  let seen = 0;

  const add = (cells: string[], parserLine: number) => {
    const breaks = parserBreaks(cells);
    const line = parserLine - breaks + shift;
    if (breaks > 0) shift -= cells.reduce((sum, cell) => sum + cell.split("\r\n").length - 1, 0);
    next = parserLine + shift + 1;
    if (isBlank(cells)) return;
    if (seen++ === 0) return;
    const trailing = cells.length > names.length ? cells.splice(names.length) : [];
    const isTooLong = trailing.some((cell) => cell.trim() !== "");
    if (isTooLong || cells.length < names.length) {
      const count = isTooLong ? names.length + trailing.length : cells.length;
      rows.push({ line, reason: `has ${count} cells, the header ${names.length}` });
    } else if (cells.every((cell, index) => cell.trim() === names[index])) {
      rows.push({ line, reason: "repeats the header" });
    } else rows.push({ line, cells });
  };

  const parser = parse({
    ...ROWS,
    delimiter,
    on_record: (cells: string[], { lines }) => {
      add(cells, lines);
      return null;
    },
    on_skip: (error) => {
      // Past any other the parser does not know where rows begin.
      if (error?.code !== "INVALID_OPENING_QUOTE" || seen === 0) throw error;
      const line = Number(error.lines) + shift;
      const last = rows.at(-1);
      if (last === undefined || last.line !== line) {
        rows.push({ line, reason: "has a quote inside a cell that is not in quotes" });
      }
      seen++;
      return undefined;
    },
  });
  // Told to whoever writes.
  parser.on("error", () => {});
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      parser.write(text, (error) => (error ? reject(error) : resolve()));
    });
  const end = () =>
    new Promise<void>((resolve, reject) => {
      parser.once("error", reject).once("end", resolve).resume().end();
    });
  const taken = () => {
    const some = rows;
    rows = [];
    return some;
  };
  try {
    await write(head);
    yield taken();
    for await (const text of rest) {
      await write(text);
      yield taken();
    }
    await end();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${path}, line ${next}: ${reasonOf(error)}; what follows cannot be read either.`);
  }
  yield taken();
  if (seen < 2) throw new Error(`${path} has no rows, only a header.`);
}

function reasonOf({ code, message }: CsvError): string {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quote is opened and never closed";
    case "CSV_INVALID_CLOSING_QUOTE":
      return 'a quote is closed in the middle of a cell (write "" for a quote in quotes)';
    case "CSV_MAX_RECORD_SIZE":
      return `a row of over ${ROWS.max_record_size} characters, most likely a quote that is not closed`;
    default:
      return message;
  }
}
