import { expect, inject, it } from "vitest";
import { World } from "../../setup/world.ts";

const HOUR_S = 3600;
const TO_S = Date.UTC(2026, 0, 15, 9) / 1000;
const SPAN = { fromS: TO_S - 24 * HOUR_S, toS: TO_S };
const FLEET = { seed: 4, vehicles: 34 };

it("follows a vehicle without a gap: what it does begins where the last thing ended", async () => {
  const world = await World.make(inject("simulatorUrl"), FLEET);
  const lively = (await world.truth(SPAN)).filter(({ trips }) => trips.length > 0);
  expect(lively.length).toBeGreaterThan(20);
  for (const { trips, parkings, idlings } of lively) {
    const deeds = [...trips, ...parkings, ...idlings].toSorted((a, b) =>
      a.startTime < b.startTime ? -1 : 1,
    );
    expect(deeds.slice(1).map(({ startTime }) => startTime)).toEqual(
      deeds.slice(0, -1).map(({ endTime }) => endTime),
    );
  }
});

it("measures trips as their points do", async () => {
  const world = await World.make(inject("simulatorUrl"), FLEET);
  const [deeds] = (await world.truePoints(SPAN)).filter(({ trips }) => trips.length > 3);
  for (const trip of deeds?.trips.slice(1, -1) ?? []) {
    const points = deeds?.points.filter(({ at }) => at >= trip.startTime && at <= trip.endTime) ?? [];
    const [first, last] = [points.at(0), points.at(-1)];
    const drivenM = (last?.odometerM ?? 0) - (first?.odometerM ?? 0);
    expect(Math.abs(drivenM - trip.distanceM)).toBeLessThan(150);
    expect(trip.maxSpeedKmh).toBe(Math.max(...points.map(({ speedKmh }) => speedKmh)));
    expect({ lat: first?.lat, lng: first?.lng }).toEqual(trip.start);
  }
});

it("leaves out what has not arrived", async () => {
  const world = await World.make(inject("simulatorUrl"), FLEET);
  const [{ imei } = { imei: "" }] = (await world.truth(SPAN)).filter(({ trips }) => trips.length > 3);
  await world.addHole({ ...SPAN, kind: "late", lateS: 1_000_000_000, imei });
  const [deeds] = await world.truth({ ...SPAN, imei });
  expect(deeds).toMatchObject({ points: 0, alarms: [], idlings: [] });
});

it.each([
  ["", /give .+ before .+, both whole Unix seconds/],
  ["fromS=2&toS=1", /give .+ before .+, both whole Unix seconds/],
  ["fromS=1&toS=2&imei=1", /no device 1/],
])("refuses %j with what to do", async (query, advice) => {
  const { info } = await World.make(inject("simulatorUrl"), { vehicles: 1 });
  const answer = await fetch(`${inject("simulatorUrl")}/control/worlds/${info.appKey}/truth?${query}`);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(((await answer.json()) as { error: string }).error).toMatch(advice);
});

it.each([
  [{ fixEveryS: 0 }, /fixEveryS.+ must be an integer from 1 to 3600/],
  [{ dailyQuota: -1 }, /dailyQuota.+ must be an integer/],
  [{ parkingPaging: { bases: [2], sizes: [10] } }, /parkingPaging.+ must be like/],
  [{ parkingPaging: { rows: 1 } }, /parkingPaging.+ must be like/],
  [{ parkingAccTypes: "0" }, /parkingAccTypes.+ must be a list of texts/],
  [{ parkingEnds: "never" }, /parkingEnds.+ must be/],
  [{ cutTrips: 1 }, /cutTrips.+ must be true or false/],
])("refuses a world with %j", async (wrong, advice) => {
  await expect(World.make(inject("simulatorUrl"), wrong as object)).rejects.toThrow(advice);
});
