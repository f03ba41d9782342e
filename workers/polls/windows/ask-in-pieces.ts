import { concernsOnlyRequest, type JimiFailure } from "../../../shared/jimi/failures.ts";
import type { Span } from "../../../shared/jimi/methods.ts";
import type { JimiResult } from "../../../shared/jimi/request.ts";
import { log } from "../../../shared/log.ts";
import type { WindowContext } from "./window.ts";

/** What is asked for in one call, or in the pages of one. */
export interface Piece extends Span {
  imeis: string[];
}

/** What a call brought; `cut` where the vendor has more than it tells at once. */
export interface PieceAnswer {
  items: unknown[];
  cut: boolean;
}

/** In a shorter span nobody has more than the vendor tells at once. */
const SHORTEST_SPAN_MS = 60_000;

/**
 * Asks for a piece and, where the vendor cuts its answer or one device spoils it, for smaller ones: first fewer
 * devices, then shorter spans. What cannot be had is added to the outcome.
 */
export async function* askInPieces(
  { window, outcome, mayGoOn }: WindowContext,
  whole: Piece,
  call: (piece: Piece) => Promise<JimiResult<PieceAnswer>>,
): AsyncGenerator<{ piece: Piece; items: unknown[] }> {
  const waiting = [whole];
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    const answer = mayGoOn() ? await call(piece) : { ok: false as const, failure: outOfTime };
    if (answer.ok && !answer.value.cut) {
      yield { piece, items: answer.value.items };
      continue;
    }
    const failure = answer.ok ? null : answer.failure;
    if (failure === null || mayBeOneDevice(failure)) {
      const smaller = halve(piece, failure === null);
      // The older half comes first.
      waiting.push(...smaller.toReversed());
      if (smaller.length > 0) continue;
    }
    if (failure?.kind === "illegal_device") {
      // It is not ours any more, or not yet: the device list will say so.
      log("warn", "device_refused_by_vendor", { runId: window.runId, imei: piece.imeis[0] });
      continue;
    }
    outcome.failures.push(failure ?? unending);
    const lost = failure === null || concernsOnlyRequest(failure) ? [piece] : [piece, ...waiting.splice(0)];
    for (const { imeis } of lost) for (const imei of imeis) outcome.missing.add(imei);
  }
}

/** Whether a failure may come from one device of several. */
function mayBeOneDevice({ kind }: JimiFailure): boolean {
  return kind === "illegal_device" || kind === "business";
}

/** Nothing where it cannot be smaller. */
function halve({ imeis, fromMs, toMs }: Piece, byTime: boolean): Piece[] {
  if (imeis.length > 1) {
    const middle = Math.ceil(imeis.length / 2);
    return [imeis.slice(0, middle), imeis.slice(middle)].map((half) => ({ imeis: half, fromMs, toMs }));
  }
  if (!byTime || toMs - fromMs < 2 * SHORTEST_SPAN_MS) return [];
  const middleMs = fromMs + Math.floor((toMs - fromMs) / 2_000) * 1_000;
  return [
    { imeis, fromMs, toMs: middleMs },
    { imeis, fromMs: middleMs, toMs },
  ];
}

const outOfTime: JimiFailure = { kind: "postponed", message: "The window ran out of time" };

const unending: JimiFailure = {
  kind: "unreadable",
  message: "Tracksolid has more of one device in two minutes than it tells at once",
};
