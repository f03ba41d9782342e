import type { Fix } from "../../shared/records.ts";
import { COLUMNS, COLUMN_LIST as LIST, TABLE, type Write } from "./columns.ts";

/** Types of the columns, in their order. */
const TYPES = [
  ...["text", "timestamptz", "float8", "float8", "float4", "int2", "float4", "int2", "text", "int2"],
  ...["boolean", "float8", "boolean", "boolean", "text", "int2", "timestamptz"],
];

/**
 * Other forms of the history statement, with its own `on conflict` and counts: arrays as literals, and lines of
 * tab-separated text. postgres.js cannot send arrays itself without looking up types.
 */
export function alternatives(statement: string) {
  const from = statement.indexOf("on conflict");
  const rest = statement.slice(from);
  const insert = `with written as (insert into ${TABLE} as h (${LIST})`;
  const arrays = TYPES.map((type, index) => `$${index + 1}::text::${type}[]`).join(", ");
  const unnest = `${insert} select * from unnest(${arrays}) as fix (${LIST}) order by imei, gps_time ${rest}`;
  const cells = TYPES.map((type, index) => `nullif(cell[${index + 1}], '')::${type}`).join(", ");
  const lines = `${insert} select ${cells} from (
    select string_to_array(line, chr(9)) as cell from string_to_table($1::text, chr(10)) as line offset 0
  ) as split order by 1, 2 ${rest}`;
  return {
    unnest: (sql, rows) => sql.unsafe(unnest, arrayLiterals(rows), { prepare: true }),
    lines: (sql, rows) => sql.unsafe(lines, [tabbed(rows)], { prepare: true }),
  } as const satisfies Record<string, Write>;
}

/** Texts of a fix hold nothing that an array literal or a line would have to quote. */
function arrayLiterals(rows: Fix[]): string[] {
  return COLUMNS.map(([, field]) => `{${rows.map((row) => row[field] ?? "NULL").join(",")}}`);
}

function tabbed(rows: Fix[]): string {
  return rows.map((row) => COLUMNS.map(([, field]) => row[field] ?? "").join("\t")).join("\n");
}
