import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { backUp } from "../../scripts/backup/back-up.ts";
import type { Manifest } from "../../scripts/backup/manifest.ts";
import { openPiece } from "../../scripts/backup/pieces.ts";
import { backupCommand } from "../../scripts/backup.ts";
import { backupVerifyCommand } from "../../scripts/backup-verify.ts";
import { folderStore } from "../../scripts/store/folder.ts";
import type { Store } from "../../scripts/store/store.ts";
import { callCommand, type Outcome } from "./command.ts";
import type { OwnDatabase } from "./database.ts";

/** A key pair of age. */
export interface BackupKey {
  identity: string;
  recipient: string;
}

export async function makeKey(): Promise<BackupKey> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A place for backups, with a key. */
export interface BackupFolder extends AsyncDisposable {
  folder: string;
  store: Store;
  key: BackupKey;
  /** Variables of the commands. */
  environment(url: string): Record<string, string>;
  backup(url: string, ...words: string[]): Promise<Outcome>;
  verify(identity?: string, ...words: string[]): Promise<Outcome>;
}

export async function makeBackupFolder(): Promise<BackupFolder> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-backup-"));
  const key = await makeKey();
  const environment = (url: string) => ({
    DATABASE_URL: url,
    BACKUP_STORE: folder,
    BACKUP_RECIPIENTS: key.recipient,
  });
  return {
    ...{ folder, store: folderStore(folder), key, environment },
    backup: (url, ...words) => callCommand(backupCommand, words, environment(url)),
    verify: (identity = "", ...words) =>
      callCommand(backupVerifyCommand, words, { BACKUP_STORE: folder, BACKUP_IDENTITY: identity }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Pieces of a few rows each. */
export const SMALL_PIECES = { least: 2_000, beyond: 2_000, most: 8_000 };

/** Backs up in pieces of a few rows. @returns also the keys that were put */
export async function backUpSmall(
  url: string,
  store: Store,
  key: BackupKey,
  signal = new AbortController().signal,
): Promise<{ made: Manifest; fresh: string[] }> {
  const fresh: string[] = [];
  const made = await backUp({
    ...{ url, store, recipients: [key.recipient], sizes: SMALL_PIECES, signal },
    onPiece: (piece, isNew) => isNew && fresh.push(piece.key),
  });
  return { made, fresh };
}

/** The rows of a table in a backup, as COPY wrote them. */
export async function rowsIn(store: Store, key: BackupKey, made: Manifest, name: string): Promise<string[]> {
  const table = made.tables.find((one) => one.name === name);
  if (!table) throw new Error(`There is no ${name} in the backup`);
  const texts: string[] = [];
  for (const piece of table.pieces) texts.push((await openPiece(store, piece, [key.identity])).toString());
  return texts.join("").split("\n").slice(0, -1);
}

/** Somebody who may do what backup_ro may. */
export interface Reader extends AsyncDisposable {
  name: string;
  url: string;
}

export async function makeReader({ url, sql }: OwnDatabase): Promise<Reader> {
  const name = `reader_${randomUUID().slice(0, 8)}`;
  await sql.unsafe(`create role ${name} login password 'x' connection limit 3 in role backup_ro`);
  const own = Object.assign(new URL(url), { username: name, password: "x" });
  return {
    name,
    url: own.href,
    async [Symbol.asyncDispose]() {
      await sql.unsafe(`drop owned by ${name}`);
      await sql.unsafe(`drop role ${name}`);
    },
  };
}

/** Positions of a few vehicles; the same again where they are the same. */
export async function drive({ sql }: OwnDatabase, day: string, fixes: number, vehicles = 5): Promise<void> {
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
    select (860000000000000 + i % ${vehicles}::int)::text, ${day}::timestamptz + i * interval '7 s', -1.3 + i * 0.0001,
      36.8, 'poll', 1, ${day}::timestamptz + i * interval '7 s'
    from generate_series(1, ${fixes}::int) i`;
}
