import { listTrips, MOST_TRIPS } from "../../shared/jimi/methods.ts";
import { readImei, readTimeMs } from "../../shared/jimi/values.ts";
import { askInPieces, type Piece } from "./windows/ask-in-pieces.ts";
import type { WindowContext, WindowedJob } from "./windows/window.ts";

const HOUR_MS = 3_600_000;

/**
 * How far before the window it is looked, in turn. A trip that begins just where it was looked from may have begun
 * earlier: the vendor does not say whether it tells trips whole. Cut, it would take the place of the whole one.
 */
const LOOK_BACKS_MS = [1, 8, 48, 7 * 24].map((hours) => hours * HOUR_MS);

const BORDER_MS = 1_000;

/** Every 15 minutes: the trips of the vehicles, also those that still go on. */
export const pollTrips: WindowedJob = {
  spanS: 24 * 3600,
  reachS: 365 * 24 * 3600,
  // Some two trips an hour and vehicle stay below the cut of 100 that way.
  vehiclesPerWindow: 25,
  byAccount: false,
  onlyHeard: false,
  async ask(context) {
    let imeis = context.window.imeis;
    for (const lookBackMs of LOOK_BACKS_MS) {
      imeis = await askFrom(context, imeis, lookBackMs);
      if (imeis.length === 0) return;
    }
  },
};

/** @returns Devices with a trip that may be cut: nothing of theirs was sent, unless it was looked far enough. */
async function askFrom(context: WindowContext, imeis: string[], lookBackMs: number): Promise<string[]> {
  const { client, window } = context;
  const fromMs = window.fromMs - lookBackMs;
  const isLast = lookBackMs === LOOK_BACKS_MS.at(-1);
  const again: string[] = [];
  const pieces = askInPieces(context, { imeis, fromMs, toMs: window.toMs }, async (piece) => {
    const answer = await listTrips(client, piece.imeis, piece);
    if (!answer.ok) return answer;
    return { ok: true, value: { items: answer.value, cut: answer.value.length >= MOST_TRIPS } };
  });
  for await (const { piece, items } of pieces) {
    const cut = isLast ? new Set<string>() : devicesCut(piece, items);
    again.push(...cut);
    const whole = items.filter((item) => !cut.has(imeiOf(item) ?? ""));
    await context.send("trip", whole);
  }
  return again;
}

function devicesCut({ fromMs }: Piece, items: unknown[]): Set<string> {
  const cut = items.filter((item) => {
    const startMs = readTimeMs((item as { startTime?: unknown } | null)?.startTime);
    return startMs !== null && Math.abs(startMs - fromMs) <= BORDER_MS;
  });
  return new Set(cut.map(imeiOf).filter((imei) => imei !== null));
}

const imeiOf = (item: unknown) => readImei((item as { imei?: unknown } | null)?.imei);
