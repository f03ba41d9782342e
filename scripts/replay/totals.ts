import type { Terminal } from "../command.ts";
import type { Piece } from "./ask.ts";

/** What all pieces of a replay did. */
export interface Totals {
  messages: number;
  items: number;
  tables: Piece["tables"];
  skipped: Piece["skipped"];
}

/** Nothing played yet. */
export const noTotals = (): Totals => ({ messages: 0, items: 0, tables: [], skipped: [] });

/** Adds a piece. What one skips the next may meet again. */
export function addPiece(totals: Totals, { messages, items, tables, skipped }: Piece): void {
  totals.messages += messages;
  totals.items += items;
  for (const { table, inserted, changed, unchanged } of tables) {
    const known = totals.tables.find((one) => one.table === table);
    if (known === undefined) totals.tables.push({ table, inserted, changed, unchanged });
    else {
      known.inserted += inserted;
      known.changed += changed;
      known.unchanged += unchanged;
    }
  }
  for (const one of skipped) {
    const known = totals.skipped.find(({ key, reason }) => key === one.key && reason === one.reason);
    if (known === undefined) totals.skipped.push({ ...one });
    else if (one.messages !== null) known.messages = Math.max(known.messages ?? 0, one.messages);
  }
}

/** Says them to a person. */
export function show(
  { messages, items, tables, skipped }: Totals,
  dryRun: boolean,
  { log, table }: Pick<Terminal, "log" | "table">,
): void {
  log(`${messages} messages of ${items} items ${dryRun ? "would be played" : "were played"} again.`);
  if (tables.length > 0) table(tables);
  if (skipped.length > 0) {
    log("Left out, because it could not be read:");
    table(skipped.map(({ messages: count, ...one }) => ({ ...one, messages: count ?? "all" })));
  }
  if (dryRun) log("Nothing was changed. Add --apply to do it.");
}
