import type postgres from "postgres";
import type { CheckedRow, Problem } from "./check.ts";
import {
  insertOf,
  lockTable,
  mergedRows,
  refusedRows,
  sentRows,
  strangersOf,
  textOf,
  type Written,
} from "./statements.ts";
import type { Target } from "./targets.ts";

export interface Outcome {
  written: Written;
  /** Rows that contradict what is known; where there are any nothing was written. */
  problems: Problem[];
  /** Vehicles among them that nobody has heard of. They are kept: the fleet may be told of them later. */
  unknownImeis: string[];
}

/**
 * Writes some hundred rows into a table of our own, all or, where there are problems, none.
 * @param tx A transaction of a role that may change its rows.
 */
export async function writeRows(
  tx: postgres.TransactionSql,
  target: Target,
  rows: CheckedRow[],
): Promise<Outcome> {
  const written: Written = { new: 0, changed: 0, same: 0, older: 0 };
  const sent = sentRows(target);
  const merged = mergedRows(target, sent);
  const text = textOf(rows);
  await lockTable(tx, target);
  const problems = await tx.unsafe<(Problem & postgres.Row)[]>(refusedRows(target, merged), [text]);
  if (problems.length > 0) return { written, problems, unknownImeis: [] };
  const counts = await tx.unsafe<{ fate: keyof Written; rows: number }[]>(
    `with merged as materialized (${merged}), written as (${insertOf(target, "select * from merged")})
    select fate, count(*)::int as rows from merged group by fate`,
    [text],
  );
  for (const { fate, rows: count } of counts) written[fate] = count;
  const unknown = await tx.unsafe<{ imei: string }[]>(strangersOf(sent), [text]);
  return { written, problems, unknownImeis: unknown.map(({ imei }) => imei) };
}
