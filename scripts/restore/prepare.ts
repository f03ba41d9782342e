import type { Manifest } from "../backup/manifest.ts";
import { openPiece } from "../backup/pieces.ts";
import { missingPieces } from "../backup/present.ts";
import { reasonOf } from "../command.ts";
import type { Store } from "../store/store.ts";
import { type ArchiveSpan, archivedHours } from "./archive/hours.ts";
import type { OpenPiece } from "./copy-rows.ts";

const MOST_TOLD = 10;

/** Pieces are not there, or not whole. Nothing was written. */
export class BackupDamaged extends Error {
  override name = "BackupDamaged";
  readonly missing: { key: string; fault: string }[];

  constructor(id: string, missing: { key: string; fault: string }[]) {
    const faults = missing.slice(0, MOST_TOLD).map(({ fault }) => fault);
    const more = missing.length > MOST_TOLD ? ` And ${missing.length - MOST_TOLD} more.` : "";
    super(
      `The backup ${id} cannot be restored. ${faults.join(" ")}${more} Name another with --id: npm run backup -- list has all.`,
    );
    this.missing = missing;
  }
}

/** @throws BackupDamaged where a listing of the store tells that something is missing */
export async function refuseDamaged(store: Store, manifest: Manifest): Promise<void> {
  const missing = await missingPieces(store, manifest);
  if (missing.length > 0) throw new BackupDamaged(manifest.id, missing);
}

/** Opens pieces of a store, and says what to do where one is not what it was. */
export const opener =
  (store: Store, identities: readonly string[]): OpenPiece =>
  async (piece) => {
    try {
      return await openPiece(store, piece, identities);
    } catch (error) {
      throw new Error(
        `${reasonOf(error)} If it stays so, drop the database and name another backup with --id.`,
        {
          cause: error,
        },
      );
    }
  };

/** What the archive has to add. */
export interface ArchivedAmount {
  objects: number;
  bytes: number;
  /** The first and the last hour of which it has something. */
  from: string | null;
  to: string | null;
}

export async function archivedAmount(store: Store, span: ArchiveSpan): Promise<ArchivedAmount> {
  const amount: ArchivedAmount = { objects: 0, bytes: 0, from: null, to: null };
  for await (const { hour, objects } of archivedHours(store, span)) {
    amount.objects += objects.length;
    amount.bytes += objects.reduce((sum, { bytes }) => sum + bytes, 0);
    amount.from ??= hour;
    amount.to = hour;
  }
  return amount;
}
