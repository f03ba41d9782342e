import type postgres from "postgres";
import type { Line } from "./lines.ts";
import type { TableAdoption } from "./table.ts";

/** Rows that our key takes for one: told before, since they are in the way where they are not the same thing said twice. */
export async function duplicatesOf(sql: postgres.Sql, tables: TableAdoption[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { name, ours, found, mirrored, old, needsKey } of tables) {
    if (!needsKey) continue;
    const column = (key: string) =>
      found.columns.some((there) => there.name === key)
        ? key
        : mirrored.find((other) => other.ours === key)?.theirs;
    // What is computed for the key is known only when it is done.
    const known = ours.key.flatMap((key) => column(key) ?? []);
    if (known.length < ours.key.length && old.fills[ours.key.find((key) => !column(key)) ?? ""] !== undefined)
      continue;
    const [row] = await sql.unsafe<{ count: number }[]>(
      `select coalesce(sum(n - 1), 0)::int as count from (select count(*) as n from ${name} group by ${known.join(", ")} having count(*) > 1) d`,
    );
    if (row && row.count > 0) {
      lines.push({
        what: "changed",
        object: name,
        detail: `${row.count} rows repeat (${known.join(", ")}): they move to private.adopted_doubles, the first stays`,
      });
    }
  }
  return lines;
}
