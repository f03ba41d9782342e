import type { Fleet, ShownVehicle, Vehicle } from "./fleet.ts";
import { type Head, positionColumns, registryColumns } from "./forms.ts";

/** Vehicles a message carries: some 60 KB, what one slow client may make the object hold. */
const MESSAGE_VEHICLES = 500;

/** Behind every IMEI. */
const LAST = "~";

/**
 * How far a client has come: it holds everything that changed in versions before `version`, and of that version
 * the vehicles up to `imei`. `complete` is the last version it held whole; 0 is none.
 */
export interface Cursor {
  complete: number;
  version: number;
  imei: string;
}

/** The cursor of a client that holds a version whole; 0 holds nothing. */
export const cursorAt = (version: number): Cursor => ({ complete: version, version, imei: LAST });

/** A message of the stream with changes, in text, and where its client then stands. */
export interface ChangesMessage {
  text: string;
  next: Cursor;
}

/** What a client lacks, or the next message of it; null when it lacks nothing. */
export function changesAfter(fleet: Fleet, head: Head, cursor: Cursor): ChangesMessage | null {
  const missing = fleet.changedSince(cursor.version - 1).filter((vehicle) => isAfter(vehicle, cursor));
  if (missing.length === 0 && cursor.complete === fleet.version) return null;
  missing.sort((a, b) => a.changedIn - b.changedIn || (a.imei < b.imei ? -1 : 1));
  const sent = missing.slice(0, MESSAGE_VEHICLES);
  const last = sent.at(-1);
  const complete = sent.length === missing.length;
  const shown = sent.filter((vehicle): vehicle is ShownVehicle => vehicle.registry?.shown === true);
  const { version, ...rest } = head;
  const message = {
    type: "changes",
    /** The client forgets what it holds. */
    reset: cursor.version === 0,
    /** What the client then holds, to resume from; null while more of it follows. */
    version: complete ? version : null,
    ...rest,
    registry: registryColumns(shown.filter(({ registryIn }) => registryIn > cursor.complete)),
    positions: positionColumns(shown, Date.parse(head.asOf)),
    removed: sent.filter(({ registry }) => !registry?.shown).map(({ imei }) => imei),
  };
  return {
    text: JSON.stringify(message),
    next:
      complete || last === undefined
        ? cursorAt(fleet.version)
        : { complete: cursor.complete, version: last.changedIn, imei: last.imei },
  };
}

function isAfter({ changedIn, imei, registry }: Vehicle, cursor: Cursor): boolean {
  // Who holds nothing yet need not be told what is gone.
  if (cursor.version === 0 && !registry?.shown) return false;
  return changedIn > cursor.version || (changedIn === cursor.version && imei > cursor.imei);
}
