import coverStill from "#sql/workers/polls/cover-still.sql";
import uncoverUnheard from "#sql/workers/polls/uncover-unheard.sql";
import { concernsOnlyRequest } from "../../shared/jimi/failures.ts";
import { listTrack } from "../../shared/jimi/methods.ts";
import { settings } from "../../shared/settings.ts";
import { toIso } from "../../shared/time.ts";
import { askInPieces } from "./windows/ask-in-pieces.ts";
import type { WindowedJob } from "./windows/window.ts";

/** Points on their way to the vendor while the window before was asked. */
const OVERLAP_MS = 5 * 60_000;

/** Every 30 minutes: the points of vehicles that moved. One device a call, and calls may take minutes. */
export const pollTracks: WindowedJob = {
  // The vendor takes seven days. A day at a point every 10 s is 1.6 MB, and what a slow call loses is less.
  spanS: 24 * 3600,
  reachS: 89 * 24 * 3600,
  vehiclesPerWindow: 10,
  byAccount: false,
  onlyHeard: true,
  async beforePlanning(sql, nowMs) {
    await sql.unsafe(uncoverUnheard, [toIso(nowMs)], { prepare: true });
    await sql.unsafe(coverStill, [toIso(nowMs), settings.movingAboveKmh], { prepare: true });
  },
  async ask(context) {
    const { client, window } = context;
    const fromMs = window.fromMs - OVERLAP_MS;
    for (const [index, imei] of window.imeis.entries()) {
      const failures = context.outcome.failures.length;
      const pieces = askInPieces(context, { imeis: [imei], fromMs, toMs: window.toMs }, async (piece) => {
        const answer = await listTrack(client, imei, piece);
        return answer.ok ? { ok: true, value: { items: answer.value, cut: false } } : answer;
      });
      for await (const { items } of pieces) await context.send("track_point", items, imei);
      if (context.outcome.failures.slice(failures).some((failure) => !concernsOnlyRequest(failure))) {
        for (const left of window.imeis.slice(index)) context.outcome.missing.add(left);
        return;
      }
    }
  },
};
