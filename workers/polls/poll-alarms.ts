import { ALARMS_PER_PAGE, type JimiItems, listAlarms, MOST_ALARMS } from "../../shared/jimi/methods.ts";
import type { JimiResult } from "../../shared/jimi/request.ts";
import { askInPieces, type PieceAnswer } from "./windows/ask-in-pieces.ts";
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
      allPages((page) => listAlarms(client, piece.imeis, piece, page)),
    );
    for await (const { items } of pieces) await context.send("alarm", items);
  },
};

/** Alarms on a page of whoever does not say how many (reference §2.8). */
const USUAL_PAGE = 50;

/** A page that only repeats ends the list: where paging is not heeded, all pages are the first. */
async function allPages(ask: (page: number) => Promise<JimiItems>): Promise<JimiResult<PieceAnswer>> {
  const items = new Map<string, unknown>();
  for (let page = 1; ; page++) {
    const answer = await ask(page);
    if (!answer.ok) return answer;
    const known = items.size;
    for (const item of answer.value) items.set(JSON.stringify(item), item);
    // A node that does not heed the size of a page sends its own.
    const isFull = answer.value.length >= ALARMS_PER_PAGE || answer.value.length === USUAL_PAGE;
    const brought = items.size - known;
    // Full and nothing new: there may be more behind it that paging does not reach.
    const cut = items.size >= MOST_ALARMS || (isFull && brought === 0);
    if (cut || !isFull) return { ok: true, value: { items: [...items.values()], cut } };
  }
}
