import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import type { Line } from "./lines.ts";
import type { TableAdoption } from "./table.ts";

/** Parts of our keys that are computed from a column of theirs; no two rows have the same of the others. */
const MADE_OF: Record<string, string[]> = {
  canonical_code: ["alarm_type"],
  fence_id: ["alarm_name"],
  acc: [],
};

/** Rows that say twice what our key says once, about: two codes of theirs may be one of ours. */
export async function duplicatesOf(sql: postgres.Sql, tables: TableAdoption[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { name, ours, found, mirrored, needsKey } of tables) {
    const columns = ours.key.map((key) => {
      if (found.columns.some((there) => there.name === key)) return [key];
      const theirs = mirrored.find((other) => other.ours === key)?.theirs;
      return theirs ? [theirs] : MADE_OF[key];
    });
    if (!needsKey || columns.includes(undefined)) continue;
    const known = columns.flatMap((some) => some ?? []);
    const [row] = await sql.unsafe<{ count: number }[]>(
      `select coalesce(sum(n - 1), 0)::int as count from (
        select count(*) as n from ${name} group by ${known.map(identifier).join(", ")} having count(*) > 1
      ) d`,
    );
    if (row && row.count > 0) {
      const detail = `${row.count} rows or so repeat (${known.join(", ")}): they move to private.adopted_doubles, the first stays`;
      lines.push({ what: "changed", object: name, detail });
    }
  }
  return lines;
}
