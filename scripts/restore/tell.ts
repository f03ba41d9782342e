import { durationWords } from "../../shared/text.ts";
import { toIso } from "../../shared/time.ts";
import type { Manifest } from "../backup/manifest.ts";
import { sizeOf } from "../backup/show.ts";
import { counted, megabytes } from "../backup/words.ts";
import type { Terminal } from "../command.ts";
import type { ArchivedAmount } from "./prepare.ts";
import type { Restored } from "./restore-into.ts";

type Words = Pick<Terminal, "log" | "table">;

/** As measured (docs/backup.md), to the slow side. */
const ROWS_A_SECOND = 35_000;

const between = (fromMs: number, toMs: number) => durationWords(Math.max(0, toMs - fromMs) / 1_000);

/** Which backup it is, and what it holds. */
export function tellBackup({ log }: Words, manifest: Manifest, nowMs: number): void {
  const { id, snapshotAt, migrations, tables, server } = manifest;
  const size = sizeOf(manifest);
  const of = server.timescaledb === null ? "" : ` with TimescaleDB ${server.timescaledb}`;
  log(`Backup ${id}
  of ${snapshotAt}, ${between(Date.parse(snapshotAt), nowMs)} ago, from PostgreSQL ${server.postgres}${of}
  at ${migrations.at(-1)?.file}, ${tables.length} tables, ${counted(size.rows)} rows, ${megabytes(size.textBytes)} MB
  ${counted(size.pieces)} pieces, ${megabytes(size.bytes)} MB in the store: all are there
  some ${durationWords(size.rows / ROWS_A_SECOND)} to copy the rows and read them again`);
}

/** What would be played again. */
export function tellArchive({ log }: Words, { objects, bytes, from, to }: ArchivedAmount): void {
  log(
    objects === 0
      ? "The archive has nothing that was received after it."
      : `${counted(objects)} archived objects (${megabytes(bytes)} MB) of the hours from ${from} to ${to} would be played again.`,
  );
}

/** What came of a restore. */
export function tellRestored({ log, table }: Words, { tables, leftOut, replayed, steps }: Restored): void {
  const rows = tables.map(({ table: name, backup, now }) => ({ table: name, "in the backup": backup, now }));
  table(rows.sort((a, b) => (a.table < b.table ? -1 : 1)));
  table(steps.map(({ step, durationS }) => ({ step, seconds: durationS })));
  const { objects, messages, items, inserted, updated, duplicate, rejected, newestMs } = replayed;
  log(
    `Replayed: ${messages} messages of ${items} items from ${objects} objects${newestMs === null ? "" : `, the newest of ${toIso(newestMs)}`}. ${inserted} rows were new, ${updated} changed, ${duplicate} there already; ${rejected} items were rejected.`,
  );
  const list = replayed.leftOut.toList();
  if (list.length > 0) {
    log(`Left out of the archive, ${replayed.leftOut.count} in all:`);
    table(list.map(({ messages: count, ...one }) => ({ ...one, messages: count ?? "all" })));
  }
  if (leftOut.length > 0) {
    log(`Left out of the backup, as no migration makes it (pg_dump has it: docs/backup.md):`);
    for (const one of leftOut) log(`  ${one}`);
  }
}

/** How much would have been lost, and for how long. */
export function tellObjectives(
  { log }: Words,
  { replayed }: Restored,
  { snapshotAt }: Manifest,
  { startedMs, endedMs }: { startedMs: number; endedMs: number },
): void {
  const snapshotMs = Date.parse(snapshotAt);
  const backup = between(snapshotMs, startedMs);
  const newestMs = replayed.newestMs ?? 0;
  log(
    newestMs <= snapshotMs
      ? `RPO ${backup}: the age of the backup, as the archive has nothing that is newer.`
      : `RPO ${between(newestMs, startedMs)} for what vehicles told: the age of the newest archived message. ${backup} for everything else: the age of the backup.`,
  );
  log(`RTO ${between(startedMs, endedMs)}: from the first look at the store to a database that is compared.`);
}

export const NEXT = `What is next (docs/backup.md):
  1. DATABASE_URL=<the restored one> npm run db:roles -- --apply
     on a new server also --rotate tracksolid_owner,ingest_app,dashboard_ro,analytics_ro,backup_ro, which prints their URLs
  2. npx wrangler hyperdrive update, for each of the three: the Worker is pointed at it
  3. npm run status: polls ask for what nobody has, and the job derive computes the days that changed`;
