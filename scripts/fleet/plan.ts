import type postgres from "postgres";
import type { Problem } from "../../shared/tickets/check.ts";
import { type Table, type TableName, tableOf } from "./tables.ts";
import { plainPlate, Wrong } from "./values.ts";

export type Row = Record<string, string | null>;

/** What is said of a row, by the names of columns. */
export interface Line {
  /** Where it is said: `line 3` of a file. */
  place: string;
  values: Record<string, string>;
}

/** A row that would differ. */
export interface Change {
  key: string;
  before: Row | null;
  after: Row;
  /** Columns that differ, with words for both. */
  columns: { name: string; from: string | null; to: string | null }[];
}

/** What lines would do, and what is wrong with those that cannot be done. */
export interface Plan {
  changes: Change[];
  unchanged: number;
  faults: Problem[];
}

type Sql = postgres.Sql | postgres.TransactionSql;

/** The rows of a table, each column as text in the form that `Kind.read` returns. */
export async function rowsOf(sql: Sql, name: TableName): Promise<Row[]> {
  const table = tableOf(name);
  const rows = await sql.unsafe<Row[]>(table.select);
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(table.columns).map(([column, { kind }]) => {
        const value = row[column] ?? null;
        return [column, value === null ? null : (kind.stored?.(value) ?? value)];
      }),
    ),
  );
}

export const keyOf = ({ keys }: Table, row: Row): string => keys.map((key) => row[key]).join(" ");

/** @throws Wrong where the columns are none of the table's, or name no row. */
function checkColumns(name: TableName, columns: string[]): void {
  const table = tableOf(name);
  const known = Object.keys(table.columns);
  const unknown = columns.filter((column) => !known.includes(column));
  if (unknown.length > 0) {
    const told = unknown.map((column) => (column === "" ? "one without a name" : column)).join(", ");
    throw new Wrong(`Unknown columns: ${told}. ${name} have ${known.join(", ")}.`);
  }
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  if (twice.length > 0) throw new Wrong(`Columns that are there twice: ${[...new Set(twice)].join(", ")}.`);
  const missing = table.keys.filter((key) => !columns.includes(key));
  if (missing.length > 0 && !isByPlate(table, columns)) {
    throw new Wrong(
      `Without ${missing.join(", ")}${table.columns.plate ? " or plate" : ""} a line names no ${table.noun}.`,
    );
  }
}

const isByPlate = (table: Table, columns: string[]) =>
  Object.hasOwn(table.columns, "plate") && !columns.includes("imei") && columns.includes("plate");

/** Compares lines with what is there. */
export async function planOf(sql: Sql, name: TableName, columns: string[], lines: Line[]): Promise<Plan> {
  checkColumns(name, columns);
  const table = tableOf(name);
  const rows = await rowsOf(sql, name);
  const known = new Map(rows.map((row) => [keyOf(table, row), row]));
  const references = await referencesOf(sql, table);
  const byPlate = isByPlate(table, columns)
    ? Map.groupBy(rows, ({ plate }) => plainPlate(plate ?? ""))
    : null;
  const seen = new Map<string, string>();
  const plan: Plan = { changes: [], unchanged: 0, faults: [] };
  for (const { place, values } of lines) {
    const faults: string[] = [];
    const before = byPlate ? vehicleOf(byPlate, values, faults) : find(table, known, values, faults);
    if (faults.length === 0) {
      const key = before ? keyOf(table, before) : keyOf(table, readKeys(table, values));
      const earlier = seen.get(key);
      if (earlier !== undefined) faults.push(`tells of the same ${table.noun} as ${earlier}`);
      else seen.set(key, place);
      const change = changeOf(table, key, before, byPlate ? { ...values, plate: "" } : values, {
        inFile: byPlate ? [] : columns,
        references,
        faults,
      });
      if (faults.length === 0 && change.columns.length > 0) plan.changes.push(change);
      else if (faults.length === 0) plan.unchanged += 1;
    }
    plan.faults.push(...faults.map((reason) => ({ place, reason })));
  }
  return plan;
}

/** Keys of the tables that columns refer to. */
async function referencesOf(sql: Sql, table: Table): Promise<Map<string, Set<string | null>>> {
  const references = new Map<string, Set<string | null>>();
  for (const { of } of Object.values(table.columns)) {
    if (of === undefined || references.has(of)) continue;
    const [key = ""] = tableOf(of).keys;
    references.set(of, new Set((await rowsOf(sql, of)).map((row) => row[key] ?? null)));
  }
  return references;
}

function vehicleOf(
  byPlate: Map<string, Row[]>,
  values: Record<string, string>,
  faults: string[],
): Row | null {
  const plate = values.plate ?? "";
  const [vehicle, ...others] = plate === "" ? [] : (byPlate.get(plainPlate(plate)) ?? []);
  if (plate === "") faults.push("has no plate");
  else if (!vehicle) faults.push(`there is no vehicle with the plate ${plate}: name it by its imei`);
  else if (others.length > 0) {
    const imeis = [vehicle, ...others].map(({ imei }) => imei).join(", ");
    faults.push(`${plate} is the plate of ${imeis}: name it by its imei`);
  }
  return vehicle ?? null;
}

/** The keys of a row as they are stored. @throws Wrong */
export function readKeys(table: Table, values: Record<string, string>): Row {
  return Object.fromEntries(table.keys.map((key) => [key, read(table, key, values[key] ?? "")]));
}

function find(table: Table, known: Map<string, Row>, values: Record<string, string>, faults: string[]) {
  let key: string;
  try {
    key = keyOf(table, readKeys(table, values));
  } catch (error) {
    faults.push((error as Wrong).message);
    return null;
  }
  const row = known.get(key) ?? null;
  if (!row && table.madeBy) faults.push(`there is no ${table.noun} ${key}: ${table.madeBy}`);
  return row;
}

/** @throws Wrong, naming the column */
function read(table: Table, name: string, value: string): string | null {
  const column = table.columns[name];
  if (value === "" && column?.required) throw new Wrong(`${name} is empty`);
  if (value === "" || !column) return null;
  try {
    return column.kind.read(value);
  } catch (error) {
    if (error instanceof Wrong) throw new Wrong(`${name} ${JSON.stringify(value)} ${error.message}`);
    throw error;
  }
}

function changeOf(
  table: Table,
  key: string,
  before: Row | null,
  values: Record<string, string>,
  context: { inFile: string[]; references: Map<string, Set<string | null>>; faults: string[] },
): Change {
  const { inFile, references, faults } = context;
  const after: Row = { ...before };
  const columns: Change["columns"] = [];
  for (const [name, column] of Object.entries(table.columns)) {
    const from = before?.[name] ?? null;
    const said = values[name];
    // What the file does not speak of stays; what it says as it is needs no judging.
    if (said === undefined ? before !== null : said === (from ?? "").trim()) continue;
    if (column.told) {
      if (inFile.includes(name))
        faults.push(`${name} is ${from ?? "empty"}, not ${said || "empty"}: ${column.instead}`);
      continue;
    }
    try {
      const to = read(table, name, said ?? "");
      if (to === from) continue;
      if (to !== null && column.of && !references.get(column.of)?.has(to)) {
        throw new Wrong(`${name} ${JSON.stringify(to)} is none of the ${column.of}`);
      }
      after[name] = to;
      columns.push({ name, from, to });
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      faults.push(error.message);
    }
  }
  if (table.driver) keepDriver(table.driver, values, { before, after, columns, faults });
  return { key, before, after, columns };
}

/** A phone is that of a driver: where nothing is said of it, it goes with whom it belonged to. */
function keepDriver(
  { name, phone }: NonNullable<Table["driver"]>,
  values: Record<string, string>,
  { before, after, columns, faults }: Pick<Change, "before" | "after" | "columns"> & { faults: string[] },
): void {
  const from = before?.[phone] ?? null;
  if (values[phone] === undefined && from !== null && columns.some((column) => column.name === name)) {
    after[phone] = null;
    columns.push({ name: phone, from, to: null });
  }
  if (after[phone] && !after[name]) faults.push(`${phone} without ${name}`);
}
