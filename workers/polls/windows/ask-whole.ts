import type { JimiResult } from "../../../shared/jimi/request.ts";
import { readImei, readTimeMs } from "../../../shared/jimi/values.ts";
import { nowMs } from "../../../shared/time.ts";
import { askInPieces, type Piece, type PieceAnswer } from "./ask-in-pieces.ts";
import { latestEnd } from "./latest-end.ts";
import type { WindowContext } from "./window.ts";

const HOUR_MS = 3_600_000;

/**
 * How far beyond the window it is asked, in turn. What begins or ends just at the border of what was asked may have been
 * cut there: the vendor does not say whether it tells trips and stays whole. A piece would take the place of the whole.
 */
const MARGINS_MS = [1, 8, 48, 7 * 24].map((hours) => hours * HOUR_MS);

const BORDER_MS = 1_000;

/** What has a beginning and an end, as the vendor tells it. */
interface Told {
  imei?: unknown;
  startTime?: unknown;
  endTime?: unknown;
}

/**
 * Asks for what overlaps the window, each whole, and sends it. What is cut where the vendor's reach ends is all that can
 * be had.
 */
export async function askWhole(
  context: WindowContext,
  call: (piece: Piece) => Promise<JimiResult<PieceAnswer>>,
  send: (items: unknown[]) => Promise<void>,
): Promise<void> {
  const { window, reachS } = context;
  const asked = { earliestMs: nowMs() - reachS * 1_000, lastMs: latestEnd(nowMs()) };
  let imeis = window.imeis;
  for (const [turn, marginMs] of MARGINS_MS.entries()) {
    const again = new Set<string>();
    const fromMs = Math.min(window.fromMs, Math.max(window.fromMs - marginMs, asked.earliestMs));
    const toMs = turn === 0 ? window.toMs : Math.min(window.toMs + marginMs, asked.lastMs);
    const whole = { imeis, fromMs, toMs };
    for await (const { piece, items } of askInPieces(context, whole, call)) {
      const isLast = turn === MARGINS_MS.length - 1;
      const cut = isLast ? new Set<string>() : devicesCut(piece, items as Told[], asked);
      for (const imei of cut) again.add(imei);
      await send(items.filter((item) => !cut.has(imeiOf(item as Told) ?? "")));
    }
    if (again.size === 0) return;
    imeis = [...again];
  }
}

/** Devices of which something begins or ends at a border; what ends now goes on, and will be told again. */
function devicesCut(
  { fromMs, toMs }: Piece,
  items: Told[],
  { earliestMs, lastMs }: { earliestMs: number; lastMs: number },
): Set<string> {
  const beginsLate = fromMs > earliestMs;
  const endsEarly = lastMs - toMs > 60_000;
  const cut = items.filter(
    (item) => (beginsLate && isAt(item?.startTime, fromMs)) || (endsEarly && isAt(item?.endTime, toMs)),
  );
  // Of one that names no device there is nobody to ask for again.
  return new Set(cut.map(imeiOf).filter((imei) => imei !== null));
}

function isAt(time: unknown, borderMs: number): boolean {
  const ms = readTimeMs(time);
  return ms !== null && Math.abs(ms - borderMs) <= BORDER_MS;
}

const imeiOf = (item: Told | null) => readImei(item?.imei);
