import { toIso } from "../../../shared/time.ts";
import { hourOf } from "../../../workers/kept/put-object.ts";
import type { Store, Stored } from "../../store/store.ts";

const HOUR_MS = 3_600_000;

/** What waits in the queue is written within minutes, and what cannot be is parked: longer than two hours is the exception. */
const OVERLAP_MS = 2 * HOUR_MS;

/** So long before the snapshot something may have been received that was written after it: parked, and written again. */
const LATE_MS = 7 * 24 * HOUR_MS;

/** What a backup does not have of the archive: what the snapshot may have missed, received until an instant. */
export interface ArchiveSpan {
  snapshotMs: number;
  untilMs: number;
}

/** Objects of the archive, of an hour. */
export interface ArchivedHour {
  /** `2026-11-22T05:00:00.000Z`. */
  hour: string;
  /** In the order in which the Worker wrote them. */
  objects: Stored[];
}

/** Hours of a span, the oldest first, of which something was archived. */
export async function* archivedHours(
  store: Store,
  { snapshotMs, untilMs }: ArchiveSpan,
): AsyncGenerator<ArchivedHour> {
  const missedFromMs = snapshotMs - OVERLAP_MS;
  for (let hourMs = startOfHour(snapshotMs - LATE_MS); hourMs <= untilMs; hourMs += HOUR_MS) {
    const isLate = hourMs + HOUR_MS <= missedFromMs;
    const objects: Stored[] = [];
    for await (const object of store.list(`raw/${hourOf(toIso(hourMs))}/`)) {
      if (!isLate || object.putAtMs >= missedFromMs) objects.push(object);
    }
    if (objects.length > 0) yield { hour: toIso(hourMs), objects };
  }
}

const startOfHour = (ms: number) => Math.floor(ms / HOUR_MS) * HOUR_MS;
