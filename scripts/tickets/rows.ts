import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { parse } from "csv-parse/sync";
import type { GivenRow, Problem } from "../../shared/tickets/check.ts";

/** The rows of a file, by the names of its columns in small letters, blanks as underscores. */
export interface FileRows {
  rows: GivenRow[];
  problems: Problem[];
}

/** What fits into memory several times over; some million rows. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Of commas, semicolons and tabs the header holds most of the one that separates. */
const DELIMITERS = [",", ";", "\t"];

/** Reads a CSV or JSON file of rows. @throws where it cannot be read at all, or has no rows */
export async function readRows(path: string): Promise<FileRows> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) {
    throw new Error(`${path} has ${Math.round(size / 1024 / 1024)} MB; cut it into files of at most 256 MB.`);
  }
  const text = decode(path, await readFile(path));
  if (text.trim() === "") throw new Error(`${path} is empty.`);
  const kind = extname(path).toLowerCase();
  if (kind !== ".json" && kind !== ".csv") {
    throw new Error(`${path} is neither .csv nor .json: name it after what it holds.`);
  }
  const read = kind === ".json" ? readJson(path, text) : readCsv(path, text);
  if (read.rows.length === 0 && read.problems.length === 0) throw new Error(`${path} has no rows.`);
  return read;
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new Error(`${path} is not UTF-8: save it as UTF-8 (in Excel "CSV UTF-8").`);
  }
}

function readJson(path: string, text: string): FileRows {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(items)) throw new Error(`${path} is not a list: write [{…}, {…}].`);
  const read: FileRows = { rows: [], problems: [] };
  for (const [index, item] of items.entries()) {
    const place = `item ${index + 1}`;
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      read.problems.push({ place, reason: "is no object" });
      continue;
    }
    const values = new Map(Object.entries(item).map(([name, value]) => [columnOf(name), value]));
    if (values.size < Object.keys(item).length) {
      read.problems.push({ place, reason: "has two names that differ in capitals or blanks alone" });
    } else read.rows.push({ place, values, raw: item as Record<string, unknown> });
  }
  return read;
}

function readCsv(path: string, text: string): FileRows {
  // Past a quote that is wrong nobody knows where rows begin.
  let broken: { line: number; message: string } | undefined;
  const records = parse(text, {
    delimiter: delimiterOf(text),
    info: true,
    relax_column_count: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      const line = Number(error?.lines ?? 0);
      const [message = ""] = (error?.message ?? "").split(":");
      broken ??= { line, message };
    },
  }) as unknown as { info: { lines: number }; record: string[] }[];
  const [header, ...others] = records;
  if (broken !== undefined && (header === undefined || broken.line <= header.info.lines)) {
    throw new Error(`${path} is not CSV: ${broken.message}.`);
  }
  const names = (header?.record ?? []).map((name) => name.trim());
  const columns = names.map(columnOf);
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw new Error(`${path} has two columns "${twice}".`);

  const read: FileRows = { rows: [], problems: [] };
  let lastLine = header?.info.lines ?? 0;
  for (const { info, record } of others) {
    if (broken !== undefined && info.lines >= broken.line) break;
    lastLine = info.lines;
    const place = `line ${info.lines}`;
    if (record.every((value) => value.trim() === "")) continue;
    if (record.length !== columns.length) {
      const reason = `has ${record.length} values, the header ${columns.length}`;
      read.problems.push({ place, reason });
      continue;
    }
    read.rows.push({
      place,
      values: new Map(columns.map((column, index) => [column, record[index]])),
      raw: Object.fromEntries(names.map((name, index) => [name, record[index]])),
    });
  }
  if (broken !== undefined) {
    const reason = `${broken.message}; what follows cannot be read either`;
    read.problems.push({ place: `line ${lastLine + 1}`, reason });
  }
  return read;
}

function delimiterOf(text: string): string {
  const [header = ""] = text.split(/\r?\n/, 1);
  const unquoted = header.replaceAll(/"[^"]*"/g, "");
  const count = (delimiter: string) => unquoted.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

const columnOf = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
