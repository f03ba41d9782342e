import type postgres from "postgres";
import { SCHEMAS } from "../../../scripts/database/dictionary.ts";

interface Column {
  name: string;
  type: string;
  /** Words that a check lets it have; null where it is free. */
  words: string[] | null;
  /** `table.column` whose values it takes. */
  refersTo: string | null;
}

interface Table {
  name: string;
  columns: Column[];
}

/** Texts that are easily spoilt on the way. */
const ODD_TEXT = (row: number) => `"${row}"\tÄ\\N \\n\n\r\n;€,'x' 🚚`;

const BY_TYPE: Record<string, (row: number) => string> = {
  text: ODD_TEXT,
  integer: (row) => String(1_000 + row),
  bigint: (row) => String(9_007_199_254_740_993n + BigInt(row)),
  smallint: (row) => String(1 + row),
  real: (row) => String(row + 0.1),
  "double precision": (row) => String(row + 0.1 + 0.2),
  numeric: (row) => `${row}.10`,
  boolean: () => "true",
  "timestamp with time zone": (row) => `2026-03-0${1 + row}T01:02:03.456789+03:00`,
  date: (row) => `2026-03-0${1 + row}`,
  interval: (row) => `${1 + row} mons 2 days 03:04:05.6`,
  "time without time zone": (row) => `0${row}:30:00`,
  jsonb: (row) => JSON.stringify({ row, text: 'a\t"b"\\', nothing: null }),
  json: (row) => `{ "row":${row} ,  "text":"a\\tb" }`,
  xid8: (row) => String(5_000_000 + row),
  int8multirange: (row) => `{[1,${row + 2}),[100,102)}`,
  bytea: (row) => `\\x00ff5c${row}a`,
  uuid: (row) => `019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e0${row}`,
  polygon: (row) => `((0,0),(1,1),(1,${row}))`,
  box: (row) => `(${row + 1},2),(0,0)`,
};

/** What checks want, by the names of columns. */
const BY_NAME: [names: RegExp, value: (row: number) => string][] = [
  [/^imei$/, (row) => `86000000000010${row}`],
  [/^(number|kind|code)$/, (row) => `n${row}`],
  [/currency$/, () => "KES"],
  [/(_to|^to|^end_time|^resolved_at|_end)$/, (row) => `2026-04-0${1 + row}T00:00:00Z`],
  [/^confidence$/, () => "1"],
];

/** Rows that a table of rules for itself takes. */
const BY_TABLE: Record<string, Record<string, (row: number) => string | null>> = {
  "tracksolid.geofences": {
    name: (row) => `Ñ ${row}`,
    geometry: (row) => `{"type": "Point", "coordinates": [36.${row}, -1.2]}`,
    radius_m: () => "200",
    min_stay_s: () => "60",
    rejoin_s: () => "60",
    min_lat: () => "-2",
    max_lat: () => "-1",
    min_lng: () => "36",
    max_lng: () => "37",
  },
};

/** Puts rows into every table of ours, with something in every column. What is there already stays. @returns their names */
export async function fillEveryTable(sql: postgres.Sql, rows: number): Promise<string[]> {
  const tables = await describeTables(sql);
  const left = [...tables];
  while (left.length > 0) {
    const next = left.findIndex(({ name, columns }) =>
      columns.every(
        ({ refersTo }) =>
          refersTo === null ||
          !left.some((other) => other.name !== name && refersTo.startsWith(`${other.name}.`)),
      ),
    );
    const [table] = left.splice(next, 1);
    for (let row = 0; row < rows && table; row++) await insert(sql, table, row);
  }
  return tables.map(({ name }) => name);
}

async function insert(sql: postgres.Sql, { name, columns }: Table, row: number): Promise<void> {
  const values = columns.map(({ type, refersTo }, index) => {
    const [, table, column] = /^(.*)\.(\w+)$/.exec(refersTo ?? "") ?? [];
    return table === undefined
      ? `$${index + 1}::text::${type}`
      : `coalesce((select ${column} from ${table} order by 1 offset length($${index + 1}::text) limit 1), (select min(${column}) from ${table}))`;
  });
  try {
    await sql.unsafe(
      `insert into ${name} (${columns.map((column) => `"${column.name}"`).join(", ")}) overriding system value
       values (${values.join(", ")}) on conflict do nothing`,
      columns.map((column) => (column.refersTo === null ? textOf(name, column, row) : "x".repeat(row))),
    );
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function textOf(table: string, { name, type, words }: Column, row: number): string | null {
  const special = BY_TABLE[table]?.[name];
  if (special) return special(row);
  if (words) return words[row % words.length] ?? null;
  const named = BY_NAME.find(([names]) => names.test(name))?.[1];
  if (named && (type === "text" || !/^(imei|number|kind|code)$/.test(name))) return named(row);
  const base = type.replace(/\(.*\)|\[\]$/, "");
  const value = BY_TYPE[base]?.(row) ?? null;
  return type.endsWith("[]") && value !== null ? `{${JSON.stringify(value)}}` : value;
}

const describeTables = (sql: postgres.Sql) => sql<Table[]>`
  select n.nspname || '.' || c.relname as name, json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'words', (
      select json_agg(w[1]) from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') w
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] and pg_get_constraintdef(k.oid) ~ '(ARRAY\\[|=) ?''|ARRAY\\['
    ),
    'refersTo', (
      select fn.nspname || '.' || f.relname || '.' || fa.attname
      from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
      join pg_attribute fa on fa.attrelid = f.oid and fa.attnum = k.confkey[1]
      where k.conrelid = c.oid and k.contype = 'f' and k.conkey[1] = a.attnum limit 1
    )
  ) order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where n.nspname = any(${SCHEMAS}) and c.relkind in ('r', 'p') and n.nspname || '.' || c.relname <> 'private.migrations'
  group by n.nspname, c.relname
  order by 1`;
