import type postgres from "postgres";
import { isZone, noZone } from "../database/time-zone.ts";
import type { FillSource, TicketSource } from "./mapping.ts";
import { type ColumnType, FILL_COLUMNS, TICKET_COLUMNS } from "./view-columns.ts";

/** What the database says of the sources of a mapping. */
export interface Survey {
  /** What keeps the views from being defined. */
  problems: string[];
  /** What owners of sources have to say, since views read with the rights of tracksolid_owner. */
  grants: { owner: string; statement: string }[];
  /** Type of a column of a source. */
  typeOf: (source: Source, column: string) => string;
}

export type Source = TicketSource | FillSource;

/** These read what they would be read by, or are nobody's business. */
const NOT_READ = ["reporting", "private", "pg_catalog", "information_schema"];

const INTEGERS = ["smallint", "integer", "bigint"];
const NUMBERS = [...INTEGERS, "numeric", "real", "double precision"];
const TEXTS = ["text", "uuid", ...INTEGERS];
const ZONELESS = ["timestamp without time zone", "date"];

const READABLE: Record<ColumnType, string[]> = {
  text: TEXTS,
  "double precision": NUMBERS,
  numeric: NUMBERS,
  timestamptz: ["timestamp with time zone", ...ZONELESS],
};

/** Looks the sources of a mapping up. Nothing is changed. */
export async function surveySources(sql: postgres.Sql, sources: Source[]): Promise<Survey> {
  const problems: string[] = [];
  const grants = new Map<string, string>();
  const types = new Map<string, string>();
  for (const source of sources) {
    const { schema, name } = source.table;
    const shown = `${schema}.${name}`;
    if (NOT_READ.includes(schema)) {
      problems.push(`${shown}: tickets are not read from the schema ${schema}`);
      continue;
    }
    const [table] = await sql<{ oid: number; owner: string; may_enter: boolean }[]>`
      select c.oid, pg_get_userbyid(c.relowner) as owner,
        has_schema_privilege('tracksolid_owner', n.oid, 'usage') as may_enter
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${schema} and c.relname = ${name} and c.relkind in ('r', 'v', 'm', 'p', 'f')`;
    if (!table) {
      problems.push(`${shown}: there is no such table or view (capitals matter)`);
      continue;
    }
    const columns = await sql<{ name: string; type: string; may_read: boolean }[]>`
      select a.attname as name,
        case when b.typtype = 'e' or b.typcategory = 'S' then 'text' else format_type(b.oid, null) end as type,
        has_column_privilege('tracksolid_owner', a.attrelid, a.attnum, 'select') as may_read
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
      where a.attrelid = ${table.oid} and a.attnum > 0 and not a.attisdropped
      order by a.attnum`;
    const known = new Map(columns.map((column) => [column.name, column]));
    const unread = new Set<string>();
    for (const { column, ours, wanted } of usedColumns(source)) {
      const found = known.get(column);
      if (!found) {
        problems.push(
          `${shown}: there is no column "${column}" for ${ours}; it has ${[...known.keys()].join(", ")}`,
        );
        continue;
      }
      if (!READABLE[wanted].includes(found.type)) {
        problems.push(
          `${shown}: "${column}" is ${found.type}, and ${ours} wants ${READABLE[wanted].join(", ")}; a view of your own may convert it`,
        );
      } else if (wanted === "timestamptz" && ZONELESS.includes(found.type) && source.zone === undefined) {
        problems.push(`${shown}: "${column}" is ${found.type}, without a zone; say which with "zone"`);
      }
      types.set(JSON.stringify([schema, name, column]), found.type);
      if (!found.may_read) unread.add(column);
    }
    const [quoted] = await sql<{ schema: string; table: string }[]>`
      select format('%I', ${schema}::text) as schema, format('%I.%I', ${schema}::text, ${name}::text) as table`;
    if (!table.may_enter)
      grants.set(`grant usage on schema ${quoted?.schema} to tracksolid_owner;`, table.owner);
    if (unread.size > 0) grants.set(`grant select on ${quoted?.table} to tracksolid_owner;`, table.owner);
  }
  problems.push(...(await unknownZones(sql, sources)));
  return {
    problems,
    grants: [...grants].map(([statement, owner]) => ({ owner, statement })),
    typeOf: ({ table }, column) => types.get(JSON.stringify([table.schema, table.name, column])) ?? "",
  };
}

async function unknownZones(sql: postgres.Sql, sources: Source[]): Promise<string[]> {
  const zones = new Set(sources.flatMap(({ zone }) => (zone === undefined ? [] : [zone])));
  const problems: string[] = [];
  for (const zone of zones) {
    if (!(await isZone(sql, zone))) problems.push(noZone(zone));
  }
  return problems;
}

function usedColumns(source: Source): { column: string; ours: string; wanted: ColumnType }[] {
  const types: Record<string, ColumnType> = "kind" in source ? TICKET_COLUMNS : FILL_COLUMNS;
  const used = Object.entries(source.columns).flatMap(([ours, column]) =>
    typeof column === "string" ? [{ column, ours, wanted: types[ours] ?? ("text" as const) }] : [],
  );
  return source.only ? [...used, { column: source.only.column, ours: "only", wanted: "text" }] : used;
}
