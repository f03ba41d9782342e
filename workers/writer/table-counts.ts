import type postgres from "postgres";
import type { Results } from "./commit.ts";
import { FACT_TABLES } from "./facts/statements.ts";
import type { Rows } from "./gather.ts";

/** What statements did to a table. */
export interface TableCounts {
  table: string;
  inserted: number;
  changed: number;
  /** Rows that say what was there already. */
  unchanged: number;
}

/** Names of tables by their rows. */
const TABLES: Partial<Record<keyof Rows, string>> = {
  devices: "devices",
  fixes: "position_history",
  live: "live_positions",
  ...Object.fromEntries(FACT_TABLES.map((name) => [name, name.replace(/[A-Z]/g, "_$&").toLowerCase()])),
  rejected: "rejected_items",
};

/**
 * Counts what a replay did, per table that it had rows for, from what the statements returned: a row that counts
 * itself (`inserted`, `updated`; `reset` of what goes before), or a row each, with its key. One that does not say
 * whether it was `inserted` counts as changed.
 */
export function tableCounts(rows: Rows, results: Results): TableCounts[] {
  return (Object.keys(TABLES) as (keyof Rows)[]).flatMap((name) => {
    const written = results[name];
    if (written === undefined) return [];
    const { inserted, changed } = countsOf(written, results[`reset_${name}`] ?? []);
    const unchanged = rows[name].length - inserted - changed;
    return [{ table: TABLES[name] ?? name, inserted, changed, unchanged }];
  });
}

function countsOf(written: postgres.Row[], reset: postgres.Row[]): Pick<TableCounts, "inserted" | "changed"> {
  const [only] = written;
  if (typeof only?.updated === "number") {
    return { inserted: only.inserted, changed: only.updated + (reset[0]?.reset ?? 0) };
  }
  const inserted = written.filter((row) => row.inserted).length;
  const changed = [...reset, ...written.filter((row) => !row.inserted)];
  return { inserted, changed: new Set(changed.map(keyOf)).size };
}

/** The key of a returned row, so that one which is reset and then written is one. */
function keyOf({ facts, key }: postgres.Row): unknown {
  return facts?.imei ?? key;
}
