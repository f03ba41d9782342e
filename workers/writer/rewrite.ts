import type postgres from "postgres";
import batchLog from "#sql/workers/writer/batch-log.sql";
import dirtyDays from "#sql/workers/writer/dirty-days.sql";
import type { Hint, PositionFacts, RegistryFacts } from "../../shared/live/facts.ts";
import { alarmsOf, type Batch, factsOf, logRow, type Replay, run, writeFacts } from "./commit.ts";
import { dirtied } from "./dirtied.ts";
import { gather } from "./gather.ts";
import type { ReadMessage } from "./parse.ts";
import { type TableCounts, tableCounts } from "./table-counts.ts";

/** What writing messages again did. */
export interface Rewritten {
  tables: TableCounts[];
  /** Rows of devices and live positions as they are now, for the live map; none after a dry run. */
  changed: Hint;
}

/**
 * Writes messages again that were written before, read by today's parser, and logs it as `replay`. Their receipts
 * stay: what became of them at their first delivery is history.
 * @param dryRun takes everything back, the log row too, once it is known what it did
 */
export async function rewrite(
  sql: postgres.Sql,
  messages: ReadMessage[],
  batch: Batch,
  replay: Replay,
  dryRun: boolean,
): Promise<Rewritten> {
  const rows = gather(messages);
  const takenBack = new Error("dry run");
  let tables: TableCounts[] = [];
  let changed: Hint = { registries: [], positions: [], alarms: 0 };
  try {
    await sql.begin(async (tx) => {
      const results = await writeFacts(tx, rows, replay);
      tables = tableCounts(rows, results);
      if (dryRun) throw takenBack;
      const sum = (count: "inserted" | "changed" | "unchanged") =>
        tables.reduce((total, table) => total + (table.table === "rejected_items" ? 0 : table[count]), 0);
      const counts = {
        inserted: sum("inserted"),
        updated: sum("changed"),
        duplicate: sum("unchanged"),
        rejected: rows.rejected.length,
      };
      // A new reading may differ in whatever is derived from it.
      const dirty = dirtied(rows, () => true, results);
      await run(tx, {
        ...(dirty.length > 0 && { dirty_days: [JSON.stringify(dirty), dirtyDays] }),
        batch: [JSON.stringify(logRow(batch, "replay", messages, counts)), batchLog],
      });
      changed = {
        registries: newest<RegistryFacts>(results.reset_devices, results.devices),
        positions: newest<PositionFacts>(results.reset_live, results.live),
        alarms: alarmsOf(results),
      };
    });
  } catch (error) {
    if (error !== takenBack) throw error;
  }
  return { tables, changed };
}

/** A row as the last statement that changed it returned it. */
function newest<Row extends { imei: string }>(
  reset: postgres.Row[] | undefined,
  written: postgres.Row[] | undefined,
): Row[] {
  const rows = [...factsOf<Row>(reset), ...factsOf<Row>(written)];
  return [...new Map(rows.map((row) => [row.imei, row])).values()];
}
