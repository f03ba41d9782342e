import { expect, it } from "vitest";
import type { PositionFacts } from "../../../shared/live/facts.ts";
import { judge } from "../../../shared/live/status.ts";
import { settings } from "../../../shared/settings.ts";
import { database } from "../../setup/worker-database.ts";
import { addVehicle, imeis, unique } from "../../workers/api/fleet.ts";

const thresholds = {
  movingAboveKmh: settings.movingAboveKmh,
  staleAfterS: settings.staleAfterS,
  silentAfterS: settings.silentAfterS,
};
const NOW_MS = Date.parse("2026-06-01T08:00:00Z");
const instant = (ageS: number | null) =>
  ageS === null ? null : new Date(NOW_MS - ageS * 1000).toISOString();

/** Every edge of the ages with every kind of speed and ignition. */
const AGES_S = [null, -60, 0, 599, 600, 601, 86_399, 86_400, 86_401, 200_000];
const cases = AGES_S.flatMap((fixAgeS) =>
  [null, 0, 600, 601, 86_400, 86_401].flatMap((contactAgeS) =>
    [null, 0, 3, 3.5, 60].flatMap((speedKmh) =>
      [null, true, false].map((ignition) => ({ fixAgeS, contactAgeS, speedKmh, ignition })),
    ),
  ),
);

it("judges as the database does, at every edge", async () => {
  const account = unique("judge");
  const sql = database();
  const ids = Array.from({ length: Math.ceil(cases.length / 800) }, () => imeis(800)).flat();
  await addVehicle(ids.at(-1) ?? "", { account });
  const rows = cases.map((facts, index) => ({
    imei: ids[index],
    fix_at: instant(facts.fixAgeS),
    contact_at: instant(facts.contactAgeS),
    speed_kmh: facts.speedKmh,
    ignition: facts.ignition,
  }));
  const text = JSON.stringify(rows);
  await sql`
    insert into tracksolid.devices (imei, account, facts_at, created_at, changed_at)
    select r.imei, ${account}, now(), now(), now() from json_to_recordset(${text}::text::json) r (imei text)`;
  await sql`
    insert into tracksolid.live_positions (imei, fix_at, contact_at, speed_kmh, ignition, changed_at)
    select r.imei, r.fix_at, r.contact_at, r.speed_kmh, r.ignition, now()
    from json_to_recordset(${text}::text::json)
      r (imei text, fix_at timestamptz, contact_at timestamptz, speed_kmh real, ignition boolean)`;
  const theirs = await sql<{ imei: string; status: string }[]>`
    select imei, status from reporting.fn_live_positions(${instant(0)}::text::timestamptz,
      make_interval(secs => ${settings.silentAfterS}::int), make_interval(secs => ${settings.staleAfterS}::int))
    where account = ${account}`;
  const statuses = new Map(theirs.map(({ imei, status }) => [imei, status]));
  for (const [index, facts] of cases.entries()) {
    const ours = judge(factsOf(facts), NOW_MS, thresholds).status;
    expect({ ...facts, status: ours }).toEqual({ ...facts, status: statuses.get(ids[index] ?? "") });
  }
});

it("says exactly when time alone ends a status", () => {
  for (const facts of cases) {
    const position = factsOf(facts);
    const { status, flipsAtMs } = judge(position, NOW_MS, thresholds);
    if (flipsAtMs === Infinity) {
      expect(judge(position, NOW_MS + 400 * 86_400_000, thresholds).status).toBe(status);
      continue;
    }
    expect(flipsAtMs).toBeGreaterThan(NOW_MS);
    expect(judge(position, flipsAtMs - 1, thresholds).status).toBe(status);
    expect({ ...facts, status: judge(position, flipsAtMs, thresholds).status }).not.toEqual({
      ...facts,
      status,
    });
  }
});

function factsOf({ fixAgeS, contactAgeS, speedKmh, ignition }: (typeof cases)[number]): PositionFacts {
  return {
    imei: "860000000000001",
    changedAt: "",
    fixAt: instant(fixAgeS),
    contactAt: instant(contactAgeS),
    speedKmh,
    ignition,
    lat: 0,
    lng: 0,
    headingDeg: null,
    satellites: null,
    odometerKm: null,
    online: null,
    batteryPercent: null,
    externalVoltageV: null,
  };
}
