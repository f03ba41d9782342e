import { toIso } from "../../shared/time.ts";
import type { Manifest } from "../backup/manifest.ts";
import { listBackups, readManifest } from "../backup/manifests.ts";
import type { Store } from "../store/store.ts";

/**
 * The backup of an id, or the newest one of an instant.
 * @throws where there is none, with what there is
 */
export async function chooseBackup(
  store: Store,
  { id, atMs }: { id: string | undefined; atMs: number },
): Promise<Manifest> {
  const backups = await listBackups(store);
  const [oldest] = backups;
  if (!oldest) {
    throw new Error(
      `There is no backup in ${store.name}: is BACKUP_STORE the place that npm run backup wrote to?`,
    );
  }
  if (id !== undefined && !backups.some((backup) => backup.id === id)) {
    throw new Error(`There is no backup ${id} in ${store.name}: npm run backup -- list has all.`);
  }
  const chosen = id ?? backups.findLast(({ snapshotMs }) => snapshotMs <= atMs)?.id;
  if (chosen === undefined) {
    throw new Error(`The oldest backup is of ${toIso(oldest.snapshotMs)}: none is as old as --at.`);
  }
  const manifest = await readManifest(store, chosen);
  if (Date.parse(manifest.snapshotAt) > atMs) {
    throw new Error(
      `The backup ${chosen} is of ${manifest.snapshotAt}, which is later than --at: leave --id out, or name an older one.`,
    );
  }
  return manifest;
}
