import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { newId } from "../shared/ids.ts";
import { nowMs, toIso } from "../shared/time.ts";
import { backUp } from "./backup/back-up.ts";
import { openLane } from "./backup/lane.ts";
import type { Manifest } from "./backup/manifest.ts";
import { backupId, listBackups } from "./backup/manifests.ts";
import { readRecipients } from "./backup/recipients.ts";
import { removeOld, whatIsOld } from "./backup/remove-old.ts";
import { KEPT } from "./backup/retention.ts";
import { rowOf, showBackups, sizeOf } from "./backup/show.ts";
import { findTables, type Table } from "./backup/tables.ts";
import { counted, megabytes } from "./backup/words.ts";
import { type Call, type Command, reasonOf, runFromTerminal } from "./command.ts";
import type { Bar } from "./progress.ts";
import { STORE_HELP, storeOf } from "./store/open.ts";
import type { Store } from "./store/store.ts";

const VERBS = ["list", "new-key"];

/** What breaks it off. */
const ENDS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const options = { apply: { type: "boolean", default: false } } as const;
type BackupCall = Call<typeof options>;

export const backupCommand: Command<typeof options> = {
  help: `Backs up every table, as it was at one instant, in compressed and encrypted pieces, and takes away older backups.

  npm run backup                        what it would do
  npm run backup -- --apply             does it
  npm run backup -- list                the backups that are there
  (umask 077; npm run -s backup -- new-key > FILE)
                                        a key; whoever has the file opens every backup that is made for it

  --apply  do it; without, say what would be done

DATABASE_URL is a direct connection as backup_ro. BACKUP_RECIPIENTS has one or more public keys (age1…): whoever makes backups
cannot read them.
${STORE_HELP}

What the store has already is not put again: one that was broken off goes on where it was when it is run again. Kept are the
newest of each of the last ${KEPT.days} days, ${KEPT.weeks} weeks and ${KEPT.months} months, and the newest that backup:verify found well. See docs/backup.md.`,
  options,
  takes: ([verb, ...rest]) => verb === undefined || (VERBS.includes(verb) && rest.length === 0),
  async run(call) {
    const [verb] = call.words;
    if (verb === "new-key") return await newKey(call);
    const store = storeOf(call.environment);
    if (verb === "list") return await list(call, store);
    const recipients = readRecipients(call.environment.BACKUP_RECIPIENTS);
    const url = call.environment.DATABASE_URL;
    if (!url) throw new Error("Set DATABASE_URL to a direct connection as backup_ro, not through a pooler.");
    return call.values.apply
      ? await make(call, { store, recipients, url })
      : await foretell(call, { store, recipients, url });
  },
};

/** Written as age-keygen does, so that the output is a file of keys. */
async function newKey({ log, result }: BackupCall): Promise<number> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  log(`# Keep this where backups are restored and in a safe. Where they are made it has no place.
# BACKUP_RECIPIENTS is its public key:
# ${recipient}
${identity}`);
  result({ identity, recipient });
  return 0;
}

async function list({ log, table, result }: BackupCall, store: Store): Promise<number> {
  const backups = await showBackups(store);
  if (backups.length === 0) log(`There is no backup in ${store.name}: npm run backup -- --apply makes one.`);
  else table(backups.map(rowOf));
  result({ store: store.name, backups });
  return 0;
}

/** What a backup is made of, and where it goes. */
interface Plan {
  store: Store;
  recipients: string[];
  url: string;
}

async function foretell(call: BackupCall, { store, recipients, url }: Plan): Promise<number> {
  const tables = await tablesOf(url);
  const backups = await listBackups(store);
  const coming = { id: backupId(toIso(nowMs()), newId()), snapshotMs: nowMs() };
  const old = (await whatIsOld(store, [coming])).map(({ id }) => id);
  const rowsEstimated = tables.reduce((sum, table) => sum + table.rowsEstimated, 0);
  call.log(`Would back up ${tables.length} tables of some ${counted(rowsEstimated)} rows to ${store.name}, which has ${backups.length} backups,
for whoever has a key of
  ${recipients.join("\n  ")}
and would then take away ${old.length === 0 ? "none" : `those that newer ones stand for:\n  ${old.join("\n  ")}`}.
Nothing is done. Add --apply to do it.`);
  call.table(
    tables.map(({ name, rowsEstimated: rows }) => ({ table: name, "rows, estimated": counted(rows) })),
  );
  call.result({
    applied: false,
    store: store.name,
    recipients,
    tables: tables.map(({ name }) => name),
    rowsEstimated,
    old,
  });
  return 0;
}

async function tablesOf(url: string): Promise<Table[]> {
  const lane = openLane(url);
  try {
    return await findTables(lane.sql);
  } finally {
    await lane.close();
  }
}

async function make(call: BackupCall, plan: Plan): Promise<number> {
  const { store } = plan;
  const over = new AbortController();
  const breakOff = () =>
    over.abort(new Error("Broken off. What is stored stays: run it again, and it goes on where it was."));
  for (const signal of ENDS) process.once(signal, breakOff);
  let bar: Bar | undefined;
  try {
    const begunMs = nowMs();
    const fresh = new Map<string, number>();
    const made = await backUp({
      ...plan,
      signal: over.signal,
      onBegin(rowsEstimated) {
        bar = call.progress("rows", rowsEstimated);
      },
      onPiece({ key, rows, bytes }, isNew) {
        bar?.add(rows);
        if (isNew) fresh.set(key, bytes);
      },
    }).finally(() => bar?.[Symbol.dispose]());
    const durationMs = nowMs() - begunMs;
    const removed = await takeAway(call, store, made.id);
    tell(call, store, made, fresh, durationMs);
    call.result({ applied: true, store: store.name, ...figuresOf(made, fresh, durationMs), removed });
    return removed === null ? 1 : 0;
  } finally {
    for (const signal of ENDS) process.off(signal, breakOff);
  }
}

/** @returns null where it failed: the backup is there all the same */
async function takeAway({ log, error }: BackupCall, store: Store, id: string) {
  try {
    const removed = await removeOld(store, id, nowMs());
    for (const old of removed.backups) log(`Taken away, as newer ones stand for it: ${old}`);
    return removed;
  } catch (failure) {
    error(`The backup ${id} is made, but older ones were not taken away: ${reasonOf(failure)}`);
    return null;
  }
}

function figuresOf(made: Manifest, fresh: Map<string, number>, durationMs: number) {
  const newBytes = [...fresh.values()].reduce((sum, bytes) => sum + bytes, 0);
  return {
    ...{ id: made.id, snapshotAt: made.snapshotAt, tables: made.tables.length, ...sizeOf(made) },
    ...{ newPieces: fresh.size, newBytes, durationMs },
  };
}

function tell(
  { log, table }: BackupCall,
  store: Store,
  made: Manifest,
  fresh: Map<string, number>,
  durationMs: number,
): void {
  table(
    made.tables
      .filter(({ rows }) => rows > 0)
      .map((one) => {
        const { rows, textBytes, bytes, pieces } = sizeOf({ tables: [one] });
        return {
          table: one.name,
          rows: counted(rows),
          "text MB": megabytes(textBytes),
          pieces,
          "new pieces": one.pieces.filter(({ key }) => fresh.has(key)).length,
          "stored MB": megabytes(bytes),
        };
      }),
  );
  const { rows, textBytes, newBytes } = figuresOf(made, fresh, durationMs);
  const seconds = durationMs / 1_000;
  const pace = rows > 0 ? `, ${(seconds / 60 / (rows / 1e6)).toFixed(2)} min per million rows` : "";
  log(`The backup ${made.id} is in ${store.name}: ${counted(rows)} rows, ${megabytes(newBytes)} MB put, in ${seconds.toFixed(1)} s:
${megabytes(textBytes / seconds)} MB/s of text${pace}. npm run backup:verify looks whether it is well.`);
}

if (import.meta.main) await runFromTerminal(backupCommand);
