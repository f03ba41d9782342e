import { CsvError, parse } from "csv-parse/sync";
import { Wrong } from "./values.ts";

/** Some hundred times what a fleet of 15,000 takes is no list of vehicles. */
const LARGEST_BYTES = 50 * 1024 * 1024;
const LONGEST_LINE = 100_000;

/** A line of a file: what it says by the names of its columns. */
export interface Line {
  /** From 1, as an editor counts. */
  number: number;
  values: Record<string, string>;
}

/** @throws Wrong for what is no table at all; a line that has too few or too many cells is among `broken`. */
export function readCsv(bytes: Uint8Array): { columns: string[]; lines: Line[]; broken: string[] } {
  if (bytes.byteLength > LARGEST_BYTES) throw new Wrong("The file is larger than 50 MB.");
  let content: string;
  try {
    content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Wrong("The file is not UTF-8: export it as CSV UTF-8.");
  }
  if (/^\s*> \S+@/.test(content))
    throw new Wrong("The file begins with what npm says: export with npm run -s.");
  const [header = ""] = content.split(/\r?\n|\r/, 1);
  // A spreadsheet in a language that writes 1,5 parts cells by semicolons.
  const delimiter = header.includes(";") && !header.includes(",") ? ";" : ",";
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(content, {
      ...{ bom: true, info: true, skip_empty_lines: true, relax_column_count: true, delimiter },
      max_record_size: LONGEST_LINE,
    }) as never;
  } catch (error) {
    if (error instanceof CsvError) throw new Wrong(`The file is no CSV: ${error.message}`);
    throw error;
  }
  const [first, ...rest] = records;
  if (!first) throw new Wrong("The file is empty: its first line has to name columns.");
  const columns = first.record.map((name) => name.trim().toLowerCase());
  const lines: Line[] = [];
  const broken: string[] = [];
  for (const { record, info } of rest) {
    if (record.every((cell) => cell.trim() === "")) continue;
    if (record.length !== columns.length) {
      broken.push(`line ${info.lines}: has ${record.length} cells, the first line ${columns.length}`);
      continue;
    }
    const values = Object.fromEntries(columns.map((name, index) => [name, record[index]?.trim() ?? ""]));
    lines.push({ number: info.lines, values });
  }
  return { columns, lines, broken };
}

/** Rows as CSV, which {@link readCsv} reads back. */
export function writeCsv(columns: string[], rows: Record<string, string | null>[]): string {
  const cell = (value: string | null | undefined) =>
    /[",;\r\n]|^\s|\s$/.test(value ?? "") ? `"${value?.replaceAll('"', '""')}"` : (value ?? "");
  return [columns.join(","), ...rows.map((row) => columns.map((name) => cell(row[name])).join(","))]
    .map((line) => `${line}\n`)
    .join("");
}
