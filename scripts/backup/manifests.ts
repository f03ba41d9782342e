import * as z from "zod";
import { parseJson } from "../../shared/text.ts";
import type { Store } from "../store/store.ts";
import { FORMAT, MANIFESTS, type Manifest, manifest } from "./manifest.ts";

const ID = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-[0-9a-f-]{36}$/;
const JSON_SUFFIX = ".json";

/** A backup, as the name of its manifest tells. */
export interface Named {
  id: string;
  /** When its snapshot was taken, to the second. */
  snapshotMs: number;
}

/** Names a backup: the order of names is the order of time. */
export const backupId = (snapshotAt: string, unique: string) =>
  `${snapshotAt.slice(0, 19).replaceAll(":", "-")}Z-${unique}`;

/** When the backup of this name was taken; null where it is no such name. */
export function snapshotMsOf(id: string): number | null {
  const [, day, hour, minute, second] = ID.exec(id) ?? [];
  const ms = day ? Date.parse(`${day}T${hour}:${minute}:${second}Z`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** The backup that an object of a folder is about; null for what somebody else has put there. */
export function idOf(key: string, folder: string): string | null {
  if (!key.endsWith(JSON_SUFFIX)) return null;
  const id = key.slice(folder.length, -JSON_SUFFIX.length);
  return snapshotMsOf(id) === null ? null : id;
}

export const keyOf = (folder: string, id: string) => `${folder}${id}${JSON_SUFFIX}`;

/** The backups that are whole, oldest first. */
export async function listBackups(store: Store): Promise<Named[]> {
  const backups: Named[] = [];
  for await (const { key } of store.list(MANIFESTS)) {
    const id = idOf(key, MANIFESTS);
    if (id !== null) backups.push({ id, snapshotMs: snapshotMsOf(id) as number });
  }
  return backups;
}

/** The newest backup, or the one that is named. @throws where there is none */
export async function pickBackup(store: Store, id?: string): Promise<Named> {
  const backups = await listBackups(store);
  const picked = id === undefined ? backups.at(-1) : backups.find((backup) => backup.id === id);
  if (picked) return picked;
  throw new Error(
    id === undefined || backups.length === 0
      ? `There is no backup in ${store.name}: npm run backup -- --apply makes one.`
      : `There is no backup ${id} in ${store.name}: npm run backup -- list shows those that are.`,
  );
}

/** What a backup says of itself. @throws in words where it is not there or cannot be believed */
export async function readManifest(store: Store, id: string): Promise<Manifest> {
  const body = await store.get(keyOf(MANIFESTS, id));
  if (body === null) throw new Error(`There is no backup ${id} in ${store.name}.`);
  const value = parseJson(new TextDecoder().decode(body));
  const format = z.object({ format: z.int() }).safeParse(value);
  if (format.success && format.data.format > FORMAT) {
    throw new Error(`The backup ${id} was made by a newer version: use the code of that one.`);
  }
  const { data, error } = manifest.safeParse(value);
  if (!data) {
    const [issue] = error.issues;
    const where = issue?.path.join(".");
    throw new Error(
      `The manifest of the backup ${id} cannot be read: ${where ? `${where}: ` : ""}${issue?.message}. Use another backup.`,
    );
  }
  if (data.id !== id)
    throw new Error(`The manifest of the backup ${id} is of another one, ${data.id.slice(0, 80)}.`);
  return data;
}
