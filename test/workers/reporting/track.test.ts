import { expect, it } from "vitest";
import { computed, DAY_START_MS, drive, type Fix, messagesOf } from "../derive/days.ts";
import { database, deliver, newImei } from "../writer/deliver.ts";

const trackOf = (imei: string, toleranceM = 0) => database()`
  select *, extract(epoch from gps_time - ${new Date(DAY_START_MS)})::int as at_s
  from reporting.fn_vehicle_track(
    ${imei}, ${new Date(DAY_START_MS)}, ${new Date(DAY_START_MS + 86_400_000)}, ${toleranceM}
  )`;

const standing = (atS: number, northKm: number): Fix => ({ atS, northKm, speedKmh: 0, ignition: true });

it("leaves out what lies on the line, and keeps stops, turns and the ends of gaps", async () => {
  const imei = newImei();
  // North for half an hour, a stop of five minutes, north again; then a hole of an hour, and back south.
  const there = drive(9 * 3_600, 30);
  const stop = [0, 60, 120, 180, 240, 300].map((s) => standing(10.6 * 3_600 - 3_600 + s, 30));
  const on = drive(10.6 * 3_600 - 3_600 + 330, 10, 30);
  const back = drive(12 * 3_600, 20).map((fix) => ({ ...fix, northKm: 60 - fix.northKm }));
  const fixes = [...there, ...stop.slice(1), ...on, ...back];
  await deliver(messagesOf(imei, fixes));
  await computed(imei);

  const all = await trackOf(imei);
  expect(all).toHaveLength(fixes.length);
  expect(all.map(({ segment }) => segment)).toEqual(fixes.map(({ atS }) => (atS < 12 * 3_600 ? 1 : 2)));
  const kept = await trackOf(imei, 10);
  const at = (fix: Fix | undefined) => Math.round(fix?.atS ?? 0);
  expect(kept.map(({ at_s }) => at_s)).toEqual(
    [there[0], there.at(-1), stop[1], stop.at(-1), on[0], on.at(-1), back[0], back.at(-1)].map(at),
  );
  expect(kept.map(({ stands }) => stands)).toEqual([false, false, true, true, false, false, false, false]);
});

it("stays within the tolerance on a way that bends all the time", async () => {
  const imei = newImei();
  const bend = drive(9 * 3_600, 60);
  await deliver(messagesOf(imei, bend));
  const sql = database();
  // A circle of 2 km across.
  await sql`
    update tracksolid.position_history
    set lat = -1.3 + sin(extract(epoch from gps_time) / 400) / 111.32, lng = 36.8 + cos(extract(epoch from gps_time) / 400) / 111.32
    where imei = ${imei}`;
  const all = await trackOf(imei);
  for (const toleranceM of [5, 50]) {
    const kept = await trackOf(imei, toleranceM);
    expect(kept.length).toBeLessThan(all.length * (toleranceM === 5 ? 1 : 0.5));
    for (const fix of all) {
      const next = kept.findIndex(({ at_s }) => at_s >= fix.at_s);
      const [a, b] = [kept[Math.max(next - 1, 0)], kept[next]];
      expect(offM(fix, a, b)).toBeLessThanOrEqual(toleranceM + 0.5);
    }
  }
});

type Place = Record<string, number>;

/** Distance from a line between two places, m. */
function offM(at: Place, from: Place = {}, to: Place = {}): number {
  const metres = (place: Place) => [
    (place.lng ?? 0) * 111_320 * Math.cos((1.3 * Math.PI) / 180),
    (place.lat ?? 0) * 111_320,
  ];
  const [[x = 0, y = 0], [x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [metres(at), metres(from), metres(to)];
  const length2 = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const share =
    length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length2));
  return Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
}

it("shows nothing of a vehicle that is left out of maps, and of one that is not there", async () => {
  const imei = newImei();
  // Polled live, which makes it known.
  await deliver(
    messagesOf(
      imei,
      drive(9 * 3_600, 5).map((fix) => ({ ...fix, odometerKm: 7 })),
    ),
  );
  expect(await trackOf(imei)).toHaveLength(11);
  await database()`update tracksolid.devices set hidden_on_map = true where imei = ${imei}`;
  expect(await trackOf(imei)).toEqual([]);
  expect(await trackOf("860000000000000")).toEqual([]);
});
