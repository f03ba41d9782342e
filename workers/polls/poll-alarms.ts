import { ALARMS_PER_PAGE, listAlarms, MOST_ALARMS } from "../../shared/jimi/methods.ts";
import { allPages } from "./windows/all-pages.ts";
import { askInPieces } from "./windows/ask-in-pieces.ts";
import type { WindowedJob } from "./windows/window.ts";

/** Alarms that reached the vendor late. Later ones come with the nightly second look, and with filled gaps. */
const OVERLAP_MS = 30 * 60_000;

/** Every 5 minutes: the alarms of the vehicles. */
export const pollAlarms: WindowedJob = {
  spanS: 24 * 3600,
  reachS: 89 * 24 * 3600,
  vehiclesPerWindow: 50,
  byAccount: false,
  onlyHeard: false,
  async ask(context) {
    const { client, window } = context;
    const whole = { imeis: window.imeis, fromMs: window.fromMs - OVERLAP_MS, toMs: window.toMs };
    const pieces = askInPieces(context, whole, (piece) =>
      allPages((page) => listAlarms(client, piece.imeis, piece, page), isFull, MOST_ALARMS),
    );
    for await (const { items } of pieces) await context.send("alarm", items);
  },
};

/** Alarms on a page of whoever does not say how many (reference §2.8). */
const USUAL_PAGE = 50;

/** A node that does not heed the size of a page sends its own. */
function isFull({ rows }: { rows: unknown[] }): boolean {
  return rows.length >= ALARMS_PER_PAGE || rows.length === USUAL_PAGE;
}
