import { nowMs, toIso } from "../shared/time.ts";
import { readIdentities, refuseWrongKey } from "./backup/identities.ts";
import type { Manifest } from "./backup/manifest.ts";
import { sizeOf } from "./backup/show.ts";
import { type Call, type Command, runFromTerminal } from "./command.ts";
import { readInstant } from "./replay/span.ts";
import { chooseBackup } from "./restore/choose.ts";
import { drill } from "./restore/drill.ts";
import { readLevels } from "./restore/level.ts";
import { archivedAmount, opener, refuseDamaged } from "./restore/prepare.ts";
import { type Restore, type Restored, restoreInto } from "./restore/restore-into.ts";
import { readTarget, withTarget } from "./restore/target.ts";
import { NEXT, tellArchive, tellBackup, tellRestored } from "./restore/tell.ts";
import { readUnfinished, type Unfinished } from "./restore/unfinished.ts";
import { storeOf } from "./store/open.ts";
import type { Store } from "./store/store.ts";

const options = {
  into: { type: "string" },
  scratch: { type: "boolean", default: false },
  at: { type: "string" },
  id: { type: "string" },
  identity: { type: "string" },
  apply: { type: "boolean", default: false },
} as const;

export const restoreCommand: Command<typeof options> = {
  help: `Restores a backup into an empty database, and writes again what the archive has since.

  createdb fleet2 && export INTO_DATABASE_URL=postgres://administrator:…@db:5432/fleet2
  npm run restore                                          which backup, and what it has; nothing is changed
  npm run restore -- --apply                               as it was when the newest archived message came
  npm run restore -- --apply --at 2026-11-20T10:00+03:00   as it was then
  npm run restore -- --scratch                             a drill: into a database of this machine, which is thrown away

  --into URL       the empty database, without a password; that of INTO_DATABASE_URL unless it is given
  --scratch        proves that the newest backup restores, and notes it beside the backup
  --at T           a time with its zone, or a day from 00:00 UTC: what was received later is not restored. Now unless it is given
  --id ID          this backup instead of the newest one of --at (npm run backup -- list)
  --identity FILE  secret key of age; that of BACKUP_IDENTITY, a file or a key, unless it is given
  --apply          does it

BACKUP_STORE is where the backup is, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Where the Worker keeps raw/ elsewhere,
ARCHIVE_STORE says where, with ARCHIVE_AWS_… where its keys are others (docs/backup.md).

The database is reached directly, as an administrator, since it is migrated. It migrates to the level of the backup, copies the
rows, reads every table again and compares, migrates to the level of this tree, and plays the archive. Broken off, the same command goes on where it was.`,
  options,
  takes: (words) => words.length === 0,
  async run(call) {
    const { into, scratch, apply, at } = call.values;
    if (scratch && (into !== undefined || apply)) {
      call.error("--scratch makes its own database and changes no other: leave out --into and --apply.");
      return 2;
    }
    const url = scratch ? null : readTarget(into, call.environment);
    const atMs = at === undefined ? null : readInstant("--at", at);
    const startedMs = nowMs();
    const unfinished = url === null ? null : await withTarget(url, ({ sql }) => readUnfinished(sql));
    const { store, restore } = await prepare(call, unfinished, atMs ?? startedMs);
    if (unfinished) refuseAnother(unfinished, restore, atMs);

    if (url === null) {
      call.result(resultOf(restore.manifest, await drill(call, store, restore, startedMs)));
      return 0;
    }
    await refuseDamaged(store, restore.manifest);
    tellBackup(call, restore.manifest, startedMs);
    if (unfinished) call.log("The database is in the middle of this restore: it goes on where it was.");
    if (!apply) {
      const { manifest, archive, untilMs } = restore;
      const span = { snapshotMs: Date.parse(manifest.snapshotAt), untilMs };
      const archived = await archivedAmount(archive, span);
      tellArchive(call, archived);
      call.log("Nothing was changed. To restore it, add --apply.");
      const backup = { id: manifest.id, snapshotAt: manifest.snapshotAt, ...sizeOf(manifest) };
      call.result({ applied: false, backup, archived });
      return 0;
    }
    call.log("Broken off, the same command goes on where it was.");
    const restored = await restoreInto(url, restore, call);
    tellRestored(call, restored);
    call.log(NEXT);
    call.result(resultOf(restore.manifest, restored));
    return 0;
  },
};

/** Finds everything, and refuses before anything is written. */
async function prepare(
  { values, environment }: Call<typeof options>,
  unfinished: Unfinished | null,
  atMs: number,
): Promise<{ store: Store; restore: Restore }> {
  const store = storeOf(environment);
  const archive = environment.ARCHIVE_STORE ? storeOf(ofArchive(environment), "ARCHIVE_STORE") : store;
  const identities = await readIdentities(environment, values.identity);
  if (identities.length === 0) {
    throw new Error("Name the secret key that opens the backup: --identity FILE, or BACKUP_IDENTITY.");
  }
  const untilMs = unfinished === null ? atMs : Date.parse(unfinished.at);
  const id = values.id ?? unfinished?.id;
  const manifest = await chooseBackup(store, { id, atMs: untilMs });
  const levels = await readLevels(manifest);
  await refuseWrongKey(manifest, identities);
  return { store, restore: { manifest, levels, open: opener(store, identities), archive, untilMs } };
}

/** Where backups are kept with another provider, the archive has keys of its own. A workflow sets what it lacks to nothing. */
const ofArchive = (environment: Call["environment"]): Call["environment"] => ({
  ...environment,
  AWS_ACCESS_KEY_ID: environment.ARCHIVE_AWS_ACCESS_KEY_ID || environment.AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: environment.ARCHIVE_AWS_SECRET_ACCESS_KEY || environment.AWS_SECRET_ACCESS_KEY,
});

function refuseAnother({ id, at }: Unfinished, { manifest }: Restore, atMs: number | null): void {
  if (id === manifest.id && (atMs === null || toIso(atMs) === at)) return;
  throw new Error(
    `The database is in the middle of a restore of ${id} until ${at}: leave out --id and --at to go on with it, or drop the database for another.`,
  );
}

const resultOf = ({ id, snapshotAt }: Manifest, { tables, leftOut, replayed, steps }: Restored) => ({
  ...{ applied: true, backup: { id, snapshotAt }, tables, leftOut, steps },
  replayed: {
    ...replayed,
    newestAt: replayed.newestMs === null ? null : toIso(replayed.newestMs),
    leftOut: replayed.leftOut.toList(),
  },
});

if (import.meta.main) await runFromTerminal(restoreCommand);
