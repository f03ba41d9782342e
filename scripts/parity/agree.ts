import type { Table } from "./catalog.ts";
import { FORMS, type FormName, INSTANTS } from "./forms.ts";
import { type Column, KINDS, type Kind } from "./kinds.ts";
import type { Where } from "./side.ts";

/** A column of one database, under its name here. */
export interface Field {
  name: string;
  column: string;
  type: string;
  form: FormName;
}

/** How a kind of facts is read from one database. */
export interface Reading {
  table: string;
  imei: Field;
  time: Field;
  compared: Field[];
  /** The one of them that is null while a fact lasts. */
  end: Field | undefined;
  shown: Field[];
  /** Whether there may be facts of no vehicle. */
  mayLackVehicle: boolean;
  /** Whether an index finds what a vehicle did in a span of time. */
  isByVehicle: boolean;
  /** Whether a vehicle has one fact at an instant, so that none can be there twice. */
  isUnique: boolean;
}

/** How the two databases are read. */
export interface Agreement {
  kinds: { kind: Kind; here: Reading; there: Reading }[];
  /** What is not compared, and why. */
  omitted: string[];
}

type Catalog = Map<string, Table>;

/** What keeps a database from being compared, in words. */
export function problemsOf(catalog: Catalog): string[] {
  const wanted: { table: string; columns: Column[] }[] = [
    { table: "devices", columns: [word("imei")] },
    ...KINDS.map(({ table, time }) => ({
      table,
      columns: [word("imei"), { name: time, form: "instant" as const }],
    })),
  ];
  const problems = wanted.flatMap(({ table, columns }) => {
    const known = catalog.get(table);
    if (!known) return [`there is no table tracksolid.${table}`];
    return columns.flatMap(({ name, form }) => {
      const type = known.columns.get(name)?.type;
      if (type === undefined) return [`tracksolid.${table} has no column ${name}`];
      const isWrong = form === "instant" && !INSTANTS.includes(type);
      return isWrong ? [`tracksolid.${table}.${name} is ${type}, not ${INSTANTS.join(" or ")}`] : [];
    });
  });
  if (problems.length > 0) return problems;
  const unreadable = wanted.flatMap(({ table }) => {
    const read = KINDS.find((kind) => kind.table === table);
    const names = ["imei", ...(read ? [read.time, ...read.compared.flatMap(namesOf)] : [])];
    const columns = catalog.get(table)?.columns;
    return names.some((name) => columns?.get(name)?.isReadable === false) ? [table] : [];
  });
  return unreadable.map(
    (table) =>
      `its role may not read tracksolid.${table}: grant usage on schema tracksolid and select on the table`,
  );
}

/** Settles what both databases have and how each is read. Neither may have problems. */
export function agree(here: Catalog, there: Catalog): Agreement {
  const omitted: string[] = [];
  const kinds = KINDS.map((kind) => {
    const lackingOf = (column: Column) =>
      Object.entries({ here, there }).flatMap(([where, catalog]) => {
        const reason = lackOf(catalog.get(kind.table), column);
        return reason === undefined ? [] : [`${reason} ${where}`];
      });
    const end = kind.compared.find(({ name }) => name === kind.end);
    const isEndLacking = end !== undefined && lackingOf(end).length > 0;
    const both = kind.compared.filter((column) => {
      const lacking = lackingOf(column);
      if (lacking.length === 0 && isEndLacking) lacking.push(`which may still grow, without ${kind.end}`);
      if (lacking.length > 0) omitted.push(`${kind.table}.${column.name} (${lacking.join(", ")})`);
      return lacking.length === 0;
    });
    return { kind, here: readingOf(here, kind, both), there: readingOf(there, kind, both) };
  });
  return { kinds, omitted };
}

/** The times that are taken for UTC since they name no zone. */
export function zonelessOf(agreement: Agreement, where: Where): string[] {
  return agreement.kinds.flatMap(({ kind, [where]: { time } }) =>
    time.type === "timestamp without time zone" ? [`${kind.table}.${time.column}`] : [],
  );
}

const word = (name: string): Column => ({ name, form: "word" });
const namesOf = ({ name, also = [] }: Column) => [name, ...also];

function lackOf(table: Table | undefined, column: Column): string | undefined {
  const type = namesOf(column)
    .map((name) => table?.columns.get(name)?.type)
    .find((found) => found !== undefined);
  if (type === undefined) return "missing";
  const { types } = FORMS[column.form];
  return types === undefined || types.includes(type) ? undefined : type;
}

function readingOf(catalog: Catalog, kind: Kind, both: Column[]): Reading {
  const table = catalog.get(kind.table) as Table;
  const field = (column: Column): Field => {
    const found = namesOf(column).find((name) => table.columns.has(name)) as string;
    const type = table.columns.get(found)?.type as string;
    return { name: column.name, column: found, type, form: column.form };
  };
  const key = ["imei", kind.time];
  return {
    table: kind.table,
    imei: field(word("imei")),
    time: field({ name: kind.time, form: "instant" }),
    compared: both.map(field),
    end: both.filter(({ name }) => name === kind.end).map(field)[0],
    shown: kind.shown
      .filter(
        (column) =>
          table.columns.get(column.name)?.isReadable === true && lackOf(table, column) === undefined,
      )
      .map(field),
    mayLackVehicle: table.columns.get("imei")?.isNullable === true,
    isByVehicle: table.indexes.some(({ columns }) => key.every((name, at) => columns[at] === name)),
    isUnique: table.indexes.some(
      ({ columns, isUnique }) =>
        isUnique && columns.length === 2 && key.every((name) => columns.includes(name)),
    ),
  };
}
