import { listObd, OBD_ROWS_PER_PAGE } from "../../shared/jimi/methods.ts";
import { allPages } from "./windows/all-pages.ts";
import { askInPieces } from "./windows/ask-in-pieces.ts";
import type { WindowedJob } from "./windows/window.ts";

/** Readings that reached the vendor late. Later ones come with the nightly second look. */
const OVERLAP_MS = 30 * 60_000;

/** Every 30 minutes, where it is on: what the engines said of themselves, and their trouble codes. */
export const pollObd: WindowedJob = {
  // The vendor answers 31 days, but a reading a minute makes a hundred pages of a vehicle's week.
  spanS: 24 * 3600,
  reachS: 89 * 24 * 3600,
  vehiclesPerWindow: 25,
  byAccount: true,
  onlyHeard: false,
  async ask(context) {
    const { client, window } = context;
    const whole = { imeis: window.imeis, fromMs: window.fromMs - OVERLAP_MS, toMs: window.toMs };
    for (const what of ["list", "fault"] as const) {
      const pieces = askInPieces(context, whole, (piece) =>
        allPages((page) => listObd(client, what, window.account ?? "", piece.imeis, piece, page), hasMore),
      );
      for await (const { items } of pieces) await context.send(what === "list" ? "obd" : "obd_fault", items);
    }
  },
};

/** As the vendor counts rows, or, where it does not, as long as pages are full. */
function hasMore({ rows, total }: { rows: unknown[]; total: number | null }, received: number): boolean {
  return total === null ? rows.length >= OBD_ROWS_PER_PAGE : received < total;
}
