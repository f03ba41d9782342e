import { gunzipSync, gzipSync } from "node:zlib";
import { log, messageOf } from "../../shared/log.ts";
import type { StoredVehicle } from "./fleet.ts";
import type { Reading } from "./reconcile.ts";

/** Of the snapshot. Another one, of a later Worker that was rolled back, is not read: the map begins anew. */
const FORM = 1;

/** A value of the storage takes 2 MB with its key. */
const PIECE_BYTES = 1_900_000;

/**
 * What an object leaves to the next one.
 *
 * Storage: `head` ({@link Head}), `snapshot:0` … (a gzip of {@link Snapshot} in JSON, cut in pieces),
 * `signing-key` (32 bytes that sign stream tickets).
 */
export interface Snapshot {
  boot: string;
  version: number;
  vehicles: StoredVehicle[];
  /** Vehicles without a row were left out, which a client may hold still: its versions do not go on. */
  forgetful: boolean;
  /** Id of the code that gave out the versions: another one may say the same facts in another form. */
  code: string;
  /** How far the database was read. */
  reading: Reading;
  behind: boolean;
  /** When that was, ms since the epoch. */
  knownAtMs: number;
  /** When the version began, ms since the epoch. */
  asOfMs: number;
}

interface Head {
  form: typeof FORM;
  pieces: number;
  /** False once a version later than the stored one has been given out: its number must not be given out again. */
  latest: boolean;
}

/** Writes a snapshot in place of the one before, whole or not at all. */
export function saveSnapshot(storage: DurableObjectStorage, snapshot: Snapshot): void {
  storage.transactionSync(() => write(storage, snapshot));
}

function write({ kv }: DurableObjectStorage, snapshot: Snapshot): void {
  const bytes = gzipSync(JSON.stringify(snapshot), { level: 1 });
  const before = kv.get<Head>("head")?.pieces ?? 0;
  const pieces = Math.ceil(bytes.byteLength / PIECE_BYTES);
  for (let piece = 0; piece < pieces; piece++) {
    // A copy: of a view the whole buffer behind it would be stored.
    const part = new Uint8Array(bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES));
    kv.put(`snapshot:${piece}`, part);
  }
  for (let piece = pieces; piece < before; piece++) kv.delete(`snapshot:${piece}`);
  kv.put("head", { form: FORM, pieces, latest: true } satisfies Head);
}

/** Notes that versions go on beyond the stored one. */
export function outdateSnapshot({ kv }: DurableObjectStorage): void {
  const head = kv.get<Head>("head");
  if (head?.latest) kv.put("head", { ...head, latest: false } satisfies Head);
}

/** @returns The stored snapshot, and whether no later version was ever given out; null when there is none to be read. */
export function loadSnapshot(storage: DurableObjectStorage): { snapshot: Snapshot; latest: boolean } | null {
  try {
    return read(storage);
  } catch (error) {
    log("error", "live_snapshot_unreadable", { error: messageOf(error) });
    return null;
  }
}

function read({ kv }: DurableObjectStorage): { snapshot: Snapshot; latest: boolean } | null {
  const head = kv.get<Head>("head");
  if (head?.form !== FORM) return null;
  const pieces = Array.from({ length: head.pieces }, (_, piece) => kv.get<Uint8Array>(`snapshot:${piece}`));
  if (pieces.some((piece) => piece === undefined)) return null;
  const text = gunzipSync(Buffer.concat(pieces as Uint8Array[])).toString();
  return { snapshot: JSON.parse(text) as Snapshot, latest: head.latest };
}
