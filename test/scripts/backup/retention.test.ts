import { expect, it } from "vitest";
import { backupsToRemove } from "../../../scripts/backup/retention.ts";

const at = (instant: string) => ({ id: instant, snapshotMs: Date.parse(instant) });

/** A backup each night at ten past two. */
function nights(from: string, to: string) {
  const all = [];
  for (let ms = Date.parse(`${from}T02:10Z`); ms <= Date.parse(`${to}T02:10Z`); ms += 86_400_000) {
    all.push(at(new Date(ms).toISOString().slice(0, 16).concat("Z")));
  }
  return all;
}

function kept(backups: { id: string; snapshotMs: number }[], wellId?: string): string[] {
  const gone = new Set(backupsToRemove(backups, wellId).map(({ id }) => id));
  return backups.map(({ id }) => id).filter((id) => !gone.has(id));
}

it("keeps the newest of 7 days, 4 ISO weeks and 12 months", () => {
  // 2026-11-22 is a Sunday, the last day of its week.
  expect(kept(nights("2025-06-01", "2026-11-22")).map((id) => id.slice(0, 10))).toEqual([
    ...["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"],
    ...["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-01", "2026-11-08", "2026-11-15"],
    ...["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"],
  ]);
});

it("begins weeks on Monday, days and months at midnight of UTC", () => {
  const sunday = at("2026-11-15T23:59:59Z");
  const monday = at("2026-11-16T00:00:00Z");
  const filler = nights("2026-11-17", "2026-11-23");
  expect(kept([sunday, monday, ...filler])).toContain(sunday.id);
  // Of its week and month the newest is another, and seven days are newer.
  expect(kept([sunday, monday, ...filler])).not.toContain(monday.id);
  const lastOfMonth = at("2026-10-31T23:59:59Z");
  const firstOfMonth = at("2026-11-01T00:00:00Z");
  expect(kept([lastOfMonth, firstOfMonth, ...nights("2026-11-09", "2026-12-31")])).toContain(lastOfMonth.id);
});

it("keeps one of a day, the newest, in whatever order they are told", () => {
  const [morning, noon, night] = [at("2026-11-22T02:00Z"), at("2026-11-22T12:00Z"), at("2026-11-22T22:00Z")];
  expect(kept([noon, night, morning])).toEqual([night.id]);
});

it("counts days that have a backup: after a long silence nothing goes", () => {
  const before = nights("2026-01-01", "2026-01-07");
  expect(kept([...before, at("2026-11-22T02:10Z")])).toEqual([
    ...before.slice(1).map(({ id }) => id),
    "2026-11-22T02:10Z",
  ]);
});

it("never takes the only one, nor the newest that was found well", () => {
  expect(backupsToRemove([])).toEqual([]);
  expect(backupsToRemove([at("2020-01-01T00:00Z")])).toEqual([]);
  const well = at("2024-02-01T02:10Z");
  const all = [well, ...nights("2024-02-02", "2026-11-22")];
  expect(kept(all)).not.toContain(well.id);
  expect(kept(all, well.id)).toContain(well.id);
});
