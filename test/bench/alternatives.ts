import type { Fix } from "../../shared/records.ts";
import { COLUMNS, COLUMN_LIST as LIST, TABLE, type Write } from "./columns.ts";

/** Types of the columns, in their order. */
const TYPES = [
  ...["text", "timestamptz", "float8", "float8", "float4", "int2", "float4", "int2", "text", "int2"],
  ...["boolean", "float8", "boolean", "boolean", "text", "int2", "timestamptz"],
];

/**
 * Other forms of the history statement, with its own `on conflict` and counts: arrays as literals, and a list of
 * JSON objects. postgres.js cannot send arrays itself without looking up types.
 */
export function alternatives(statement: string) {
  const rest = statement.slice(statement.indexOf("on conflict"));
  const insert = `with written as (insert into ${TABLE} as h (${LIST})`;
  const arrays = TYPES.map((type, index) => `$${index + 1}::text::${type}[]`).join(", ");
  const unnest = `${insert} select * from unnest(${arrays}) as fix (${LIST}) order by imei, gps_time ${rest}`;
  const fields = COLUMNS.map(([, field]) => `"${field}"`);
  const typed = fields.map((field, index) => `${field} ${TYPES[index]}`).join(", ");
  const json = `${insert} select ${fields.join(", ")} from json_to_recordset($1::text::json) as fix (${typed})
    order by 1, 2 ${rest}`;
  return {
    unnest: (sql, rows) => sql.unsafe(unnest, arrayLiterals(rows), { prepare: true }),
    json: (sql, rows) => sql.unsafe(json, [JSON.stringify(rows)], { prepare: true }),
  } as const satisfies Record<string, Write>;
}

/** Texts of a fix hold nothing that an array literal would have to quote. */
function arrayLiterals(rows: Fix[]): string[] {
  return COLUMNS.map(([, field]) => `{${rows.map((row) => row[field] ?? "NULL").join(",")}}`);
}
