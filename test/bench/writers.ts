import type { Writable } from "node:stream";
import type postgres from "postgres";
import type { Fix } from "../../shared/records.ts";
import { fixLines } from "../../workers/writer/fix-lines.ts";
import { alternatives } from "./alternatives.ts";
import { COLUMNS, COLUMN_LIST as LIST, TABLE, type Write } from "./columns.ts";

/** The temporary table of {@link writers}, once per connection. */
export const CREATE_STAGE = `create temporary table stage on commit delete rows as select ${LIST} from ${TABLE} limit 0`;

/** Where `history.sql` reads its fixes; here they come as a parameter, so that it is one round trip like its rivals. */
const SETTING = "current_setting('tracksolid.fixes')";

/** The ways to compare, given the text of `history.sql`. */
export function writers(text: string) {
  if (!text.includes(SETTING)) throw new Error(`history.sql no longer reads ${SETTING}`);
  const statement = text.replace(SETTING, "$1::text");
  // What the statement does on a conflict, so that the stage does the same work.
  const onConflict = /on conflict[\s\S]*?(?=\s*returning)/.exec(statement)?.[0];
  if (onConflict === undefined) throw new Error("history.sql has no `on conflict … returning` to copy");
  const fromStage = `insert into ${TABLE} as h (${LIST}) select ${LIST} from stage`;
  return {
    statement: (sql, rows) => sql.unsafe(statement, [fixLines(rows)], { prepare: true }),
    copy: (sql, rows) => copyInto(sql, TABLE, rows),
    stage: (sql, rows) => stage(sql, rows, `${fromStage} order by imei, gps_time ${onConflict}`),
    ...alternatives(statement),
    stageDoNothing: (sql, rows) => stage(sql, rows, `${fromStage} on conflict do nothing`),
  } as const satisfies Record<string, Write>;
}

export type WriterName = keyof ReturnType<typeof writers>;

async function stage(sql: postgres.Sql, rows: Fix[], insert: string): Promise<void> {
  await sql.begin(async (tx) => {
    await copyInto(tx, "stage", rows);
    await tx.unsafe(insert, [], { prepare: true });
  });
}

async function copyInto(
  sql: postgres.Sql | postgres.TransactionSql,
  table: string,
  rows: Fix[],
): Promise<void> {
  const target: Writable = await sql.unsafe(`copy ${table} (${LIST}) from stdin`).writable();
  await new Promise<void>((resolve, reject) => {
    target.once("error", reject);
    target.end(copyText(rows), resolve);
  });
}

/** Postgres' text format. No text of a fix holds a tab, a line break or a backslash. */
function copyText(rows: Fix[]): string {
  let text = "";
  for (const row of rows) {
    let separator = "";
    for (const [, field] of COLUMNS) {
      text += separator + (row[field] ?? "\\N");
      separator = "\t";
    }
    text += "\n";
  }
  return text;
}
