import { nowMs, toIso } from "../shared/time.ts";
import { readIdentities, refuseWrongKey } from "./backup/identities.ts";
import type { Manifest, Verification } from "./backup/manifest.ts";
import { pickBackup, readManifest } from "./backup/manifests.ts";
import { sizeOf } from "./backup/show.ts";
import { noteVerification } from "./backup/verified.ts";
import { verifyBackup } from "./backup/verify.ts";
import { ago, counted, megabytes } from "./backup/words.ts";
import { type Call, type Command, reasonOf, runFromTerminal } from "./command.ts";
import { STORE_HELP, storeOf } from "./store/open.ts";
import type { Store } from "./store/store.ts";
import { StoreError } from "./store/store-error.ts";

const options = {
  id: { type: "string" },
  identity: { type: "string" },
} as const;

export const backupVerifyCommand: Command<typeof options> = {
  help: `Looks whether a backup is well: every piece there, with its size and SHA-256; with a key also opened, its rows compared and counted.

  npm run backup:verify
  npm run backup:verify -- --identity FILE
  npm run backup:verify -- --id 2026-11-22T02-10-00Z-019ab…

  --id ID          the backup; the newest unless it is given (npm run backup -- list)
  --identity FILE  secret keys (npm run -s backup -- new-key); those of BACKUP_IDENTITY, a file or a key, unless it is given

${STORE_HELP}

What came of it is noted in the store, where alerts go by it; pieces that are not well are put again by the next backup. No
database is needed. Ends with 0 where the backup is well, with 1 where it is not, or could not be looked at.`,
  options,
  takes: (words) => words.length === 0,
  async run(call) {
    const { values, environment, log, error, result } = call;
    const store = storeOf(environment);
    const identities = await readIdentities(environment, values.identity);
    const { id, snapshotMs } = await pickBackup(store, values.id);
    const backup = await readOrNote(store, id);
    if (identities.length > 0) await refuseWrongKey(backup, identities);
    const noted = await look(call, store, backup, identities);
    await noteVerification(store, noted);
    result(noted);
    const what = `The backup ${id} of ${ago(nowMs() - snapshotMs)}`;
    if (!noted.isWell) {
      for (const fault of noted.faults) error(fault);
      error(
        `${what} is not well: the next backup puts again what is missing or changed. npm run backup -- --apply makes one.`,
      );
      return 1;
    }
    log(`${what} is well${identities.length > 0 ? "" : ", as far as it can be said without its key"}.`);
    return 0;
  },
};

async function look(
  { progress, log, table }: Call<typeof options>,
  store: Store,
  backup: Manifest,
  identities: string[],
): Promise<Verification> {
  const { pieces, rows, bytes } = sizeOf(backup);
  const bar = progress("bytes", bytes);
  const noted = await verifyBackup(store, backup, identities, (piece) => bar.add(piece.bytes)).finally(() =>
    bar[Symbol.dispose](),
  );
  const seconds = Math.max(noted.durationMs, 1) / 1_000;
  table([
    {
      tables: backup.tables.length,
      rows: counted(rows),
      pieces,
      MB: megabytes(bytes),
      "MB/s": megabytes(bytes / seconds),
      "not well": noted.damaged.length,
    },
  ]);
  if (identities.length === 0) log("Without a key nothing was opened: name one with --identity.");
  return noted;
}

/** A manifest that cannot be read is a backup that is not well; a store that does not answer says nothing of it. */
async function readOrNote(store: Store, id: string): Promise<Manifest> {
  const begunMs = nowMs();
  try {
    return await readManifest(store, id);
  } catch (error) {
    if (!(error instanceof StoreError)) {
      const [at, durationMs] = [toIso(nowMs()), nowMs() - begunMs];
      const faults = [reasonOf(error)];
      await noteVerification(store, {
        id,
        at,
        level: "objects",
        isWell: false,
        faults,
        damaged: [],
        durationMs,
      });
    }
    throw error;
  }
}

if (import.meta.main) await runFromTerminal(backupVerifyCommand);
