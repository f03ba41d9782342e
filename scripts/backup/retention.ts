import { toIso } from "../../shared/time.ts";
import type { Named } from "./manifests.ts";

/** So many days, weeks and months that have a backup keep their newest. */
export const KEPT = { days: 7, weeks: 4, months: 12 } as const;

const DAY_MS = 24 * 3_600_000;

/** 1970-01-01 was a Thursday; ISO weeks begin on Mondays. */
const FROM_MONDAY_MS = 3 * DAY_MS;

/** Spans are those of UTC, and count where they have a backup: a week without any takes nothing away from those before. */
const SPANS: Record<keyof typeof KEPT, (ms: number) => number | string> = {
  days: (ms) => Math.floor(ms / DAY_MS),
  weeks: (ms) => Math.floor((ms + FROM_MONDAY_MS) / (7 * DAY_MS)),
  months: (ms) => toIso(ms).slice(0, 7),
};

/**
 * The backups that go: all but the newest of each of the last days, weeks and months.
 * @param backups In any order.
 * @param wellId The newest that was looked at and found well. It stays however old it is.
 */
export function backupsToRemove<Backup extends Named>(backups: readonly Backup[], wellId?: string): Backup[] {
  const newestFirst = backups.toSorted((a, b) => b.snapshotMs - a.snapshotMs || (a.id < b.id ? 1 : -1));
  const kept = new Set([wellId, newestFirst[0]?.id]);
  for (const [kind, most] of Object.entries(KEPT)) {
    const spans = new Set<number | string>();
    for (const { id, snapshotMs } of newestFirst) {
      const span = SPANS[kind as keyof typeof KEPT](snapshotMs);
      if (spans.has(span)) continue;
      if (spans.size === most) break;
      spans.add(span);
      kept.add(id);
    }
  }
  return newestFirst.filter(({ id }) => !kept.has(id)).reverse();
}
