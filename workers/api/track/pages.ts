import selectPage from "#sql/workers/api/track/page.sql";
import { settings } from "../../../shared/settings.ts";
import { type Asker, selectBytes } from "../select.ts";

/** A day of a fix every 10 s: 46 to 74 ms of the database's time and half a megabyte of text, as a file nearly one. */
const FIXES_PER_PAGE = 9_000;

/** Whose way is asked for. `from` and `to` are instants, `to` is not in the span. */
export interface Way {
  imei: string;
  from: string;
  to: string;
  /** Metres that lines may be off; 0 keeps every fix. */
  toleranceM: number;
}

/** Fixes that stand together for a while. Instants are UTC. */
export interface Stop {
  /** From 1, in the span that was asked for. */
  number: number;
  lat: number;
  lng: number;
  from: string;
  to: string;
  durationS: number;
  /** Address, where one is known. */
  place: string | null;
}

/** What a page tells: its lines in the form that was asked for, and the stops whose end is known by now. */
export interface Page {
  /** UTF-8. */
  lines: Uint8Array | null;
  stops: Stop[];
}

/** How lines are told; `none` leaves them out. */
export type LineForm = "geojson" | "gpx" | "kml" | "csv" | "none";

/** A page as its statement tells it; `ended` is null for the last. */
type Read = [lines: Uint8Array | null, stops: Uint8Array | null, ended: Uint8Array | null];

/** A way, oldest fix first: one short statement a page, asked while the page before is on its way. */
export async function* readPages(asker: Asker, way: Way, form: LineForm): AsyncGenerator<Page> {
  const { imei, from, to, toleranceM } = way;
  const decoder = new TextDecoder();
  const read = (began: string) =>
    selectBytes(asker, selectPage, [
      ...[imei, from, to, FIXES_PER_PAGE, began, toleranceM, form],
      ...[settings.gapWhileMovingS, settings.stopAfterS, settings.movingAboveKmh],
    ]) as Promise<Read | undefined>;
  let next: Promise<Read | undefined> | null = read("{}");
  while (next !== null) {
    const [lines, stops, ended]: Read = (await next) ?? [null, null, null];
    next = ended === null ? null : read(decoder.decode(ended));
    // Whoever asks for it meets the failure; maybe nobody does any more.
    next?.catch(() => {});
    yield { lines, stops: stops === null ? [] : (JSON.parse(decoder.decode(stops)) as Stop[]) };
  }
}
