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

/** Asks for what overlaps the window, each whole, and sends it. */
export async function askWhole(
  context: WindowContext,
  call: (piece: Piece) => Promise<JimiResult<PieceAnswer>>,
  send: (items: unknown[]) => Promise<void>,
): Promise<void> {
  const { window } = context;
  const lastMs = latestEnd(nowMs());
  let imeis = window.imeis;
  for (const [turn, marginMs] of MARGINS_MS.entries()) {
    const again = new Set<string>();
    const toMs = turn === 0 ? window.toMs : Math.min(window.toMs + marginMs, lastMs);
    const whole = { imeis, fromMs: window.fromMs - marginMs, toMs };
    for await (const { piece, items } of askInPieces(context, whole, call)) {
      const cut = turn === MARGINS_MS.length - 1 ? new Set() : devicesCut(piece, items as Told[], lastMs);
      for (const imei of cut) again.add(imei as string);
      await send(items.filter((item) => !cut.has(imeiOf(item as Told))));
    }
    if (again.size === 0) return;
    imeis = [...again];
  }
}

/** Devices of which something begins or ends at a border; what ends now goes on, and will be told again. */
function devicesCut({ fromMs, toMs }: Piece, items: Told[], lastMs: number): Set<string | null> {
  const endsEarly = lastMs - toMs > 60_000;
  const cut = items.filter(
    (item) => isAt(item?.startTime, fromMs) || (endsEarly && isAt(item?.endTime, toMs)),
  );
  return new Set(cut.map(imeiOf));
}

function isAt(time: unknown, borderMs: number): boolean {
  const ms = readTimeMs(time);
  return ms !== null && Math.abs(ms - borderMs) <= BORDER_MS;
}

const imeiOf = (item: Told) => readImei(item?.imei);
