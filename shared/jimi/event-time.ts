import type { ParsedItem, Rejection } from "../records.ts";
import { settings } from "../settings.ts";
import { excerpt } from "../text.ts";
import { toIso } from "../time.ts";
import { readTimeMs } from "./values.ts";

/** What is known about a message beside its items. */
export interface Arrival {
  /** The account that was asked; null for a push. */
  account: string | null;
  /** When the vendor answered or pushed, ms since the epoch. */
  receivedMs: number;
  /** The path a push came to, without its token. */
  path: string | null;
  /** What a push called itself. */
  msgType?: string | null;
  /** The device that was asked, where the items do not name theirs. */
  imei?: string | null;
}

/** The outcome for an item that names no device. */
export const imeiMissing: ParsedItem = {
  imei: null,
  rejection: { reason: "imei_missing", detail: "imei is not 14 to 17 digits" },
};

const EARLIEST_MS = Date.parse(settings.earliestEventAt);

/** Reads the time of an event and refuses what only a broken clock can say (2019, next week). */
export function readEventTime(field: string, value: unknown, arrival: Arrival): { ms: number } | Rejection {
  const ms = readTimeMs(value);
  if (ms === null) {
    return { reason: "time_unreadable", detail: `${field} ${excerpt(value)}` };
  }
  if (ms < EARLIEST_MS || ms > arrival.receivedMs + settings.latestEventAheadS * 1000) {
    const shown = Math.abs(ms) < 8.64e15 ? toIso(ms) : String(ms);
    return {
      reason: "time_out_of_range",
      detail: `${field} ${shown} is not within ${settings.earliestEventAt} and two days after its receipt`,
    };
  }
  return { ms };
}
