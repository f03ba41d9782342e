import { listObd, OBD_ROWS_PER_PAGE } from "../../shared/jimi/methods.ts";
import type { JimiResult } from "../../shared/jimi/request.ts";
import { askInPieces, type PieceAnswer } from "./windows/ask-in-pieces.ts";
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
        allPages((page) => listObd(client, what, window.account ?? "", piece.imeis, piece, page)),
      );
      for await (const { items } of pieces) await context.send(what === "list" ? "obd" : "obd_fault", items);
    }
  },
};

/**
 * Pages until there are as many rows as the vendor counts, or, where it does not, until one is not full. A page that only
 * repeats ends the list: where paging is not heeded, all pages are the first.
 */
async function allPages(ask: (page: number) => ReturnType<typeof listObd>): Promise<JimiResult<PieceAnswer>> {
  const items = new Map<string, unknown>();
  let received = 0;
  for (let page = 1; ; page++) {
    const answer = await ask(page);
    if (!answer.ok) return answer;
    const { rows, total } = answer.value;
    const known = items.size;
    for (const row of rows) items.set(JSON.stringify(row), row);
    const isRepeat = items.size === known;
    if (!isRepeat) received += rows.length;
    const hasMore = total === null ? rows.length >= OBD_ROWS_PER_PAGE : received < total;
    if (isRepeat || !hasMore) return { ok: true, value: { items: [...items.values()], cut: hasMore } };
  }
}
