import { describe, expect, it } from "vitest";
import { INSIGHT_KINDS } from "../../../workers/insights/kinds.ts";
import { addVehicle, unique } from "../api/fleet.ts";
import { database, newImei } from "../writer/deliver.ts";
import { addDay, addHour, addUsual, at, dayAt, type Monday, mondaysFrom, tell } from "./days.ts";

const nextMonday = mondaysFrom("2001-01-01");

/** A vehicle that was registered long before and of which all is well. */
async function vehicle(monday: Monday, device: object = {}, live: object | null = {}): Promise<string> {
  const imei = newImei();
  const heard = { fix_at: at(monday, 23), contact_at: at(monday, 24), lat: -1.3, lng: 36.8, ignition: false };
  await addVehicle(
    imei,
    { plate: `KDA ${imei.slice(-4)}`, created_at: at(monday, -1_000), ...device },
    live === null ? undefined : { ...heard, ...live },
  );
  return imei;
}

const drivenBy = (imei: string, driver_name: string, valid_from: string) => {
  const sql = database();
  return sql`insert into tracksolid.driver_assignments ${sql({ imei, valid_from, driver_name, source: "own" })}`;
};

it("knows the kinds that the database describes", async () => {
  const rows = await database()`select kind from reporting.insight_kinds`;
  expect(rows.map(({ kind }) => kind as string).sort()).toEqual([...INSIGHT_KINDS].sort());
});

it("tells nothing of a vehicle of which all is well", async () => {
  const monday = nextMonday();
  const imei = await vehicle(monday);
  await addUsual(imei, monday, 28, 600);
  await addDay(imei, monday.day, { idling_s: 600 });
  expect(await tell(monday, imei)).toEqual([]);
});

describe("silent", () => {
  const causeOf = async (monday: Monday, imei: string) => {
    const told = await tell(monday, imei);
    expect(told.length).toBeLessThanOrEqual(1);
    return told[0]?.evidence.cause;
  };

  it("tells a device that is silent for 24 h at the day's end, with its id, driver, figures and threshold", async () => {
    const monday = nextMonday();
    const imei = await vehicle(monday, {}, { fix_at: at(monday, -3), contact_at: at(monday, -2) });
    await drivenBy(imei, "Achieng", at(monday, -500));
    const [told] = await tell(monday, imei);
    expect(told).toEqual({
      id: expect.stringMatching(new RegExp(`^${monday.day}-silent-[0-9a-f]{32}$`)),
      ...{
        kind: "silent",
        subject_type: "vehicle",
        subject: imei,
        subject_name: `KDA ${imei.slice(-4)}`,
        imei,
      },
      ...{ driver: "Achieng", severity: "high" },
      title: `KDA ${imei.slice(-4)} has been silent for 26 h 00 min`,
      why: `Neither a heartbeat nor a fix since ${dayAt(monday.startMs, -1)}T19:00:00Z; told after 24 h 00 min (silentAfterS).`,
      evidence: expect.objectContaining({ cause: "no_login", silentS: 26 * 3_600, afterS: 86_400, bar: 1 }),
      links: [`/v1/vehicles/${imei}`],
    });
  });

  it.each<[string, string | undefined, (monday: Monday) => [object, object | null]]>([
    ["heard of 24 h before", undefined, (m) => [{}, { fix_at: at(m, 0), contact_at: at(m, 0) }]],
    [
      "heard of a second earlier",
      "no_login",
      (m) => [{}, { fix_at: at(m, -1 / 3_600), contact_at: at(m, -1 / 3_600) }],
    ],
    ["with a fix alone that is old", undefined, (m) => [{}, { fix_at: at(m, -90), contact_at: at(m, 20) }]],
    ["never heard of", "never_heard", (m) => [{ activated_at: at(m, -900) }, null]],
    ["never heard of, of which the vendor told nothing", "never_heard", () => [{}, null]],
    ["never activated", "never_activated", (m) => [{ detailed_at: at(m, -5) }, null]],
    [
      "to be activated later",
      "never_activated",
      (m) => [{ detailed_at: at(m, -5), activated_at: at(m, 99) }, null],
    ],
    ["heard of, whatever the vendor says of activation", undefined, (m) => [{ detailed_at: at(m, -5) }, {}]],
    ["registered a day ago", undefined, (m) => [{ created_at: at(m, 0), detailed_at: at(m, 1) }, null]],
    [
      "silent and expired",
      "expired",
      (m) => [{ expires_at: at(m, 1) }, { fix_at: at(m, -48), contact_at: at(m, -48) }],
    ],
    ["expired, but heard of", undefined, (m) => [{ expires_at: at(m, 1) }, {}]],
    [
      "about to expire",
      "no_login",
      (m) => [{ expires_at: at(m, 25) }, { fix_at: at(m, -48), contact_at: at(m, -48) }],
    ],
    ["that logs in and never had a fix", "no_fix", () => [{}, { fix_at: null, lat: null, lng: null }]],
    ["without a fix for a day, ignition on", "no_fix", (m) => [{}, { fix_at: at(m, -1), ignition: true }]],
    [
      "without a fix for a day, ignition unknown",
      undefined,
      (m) => [{}, { fix_at: at(m, -1), ignition: null }],
    ],
    ["with a fix a day old, ignition on", undefined, (m) => [{}, { fix_at: at(m, 0), ignition: true }]],
    ["that is back since", undefined, (m) => [{}, { fix_at: at(m, 24.2), contact_at: at(m, 24.2) }]],
    ["no account lists", undefined, () => [{ enabled: false }, null]],
    ["canary", undefined, () => [{ kind: "canary" }, null]],
  ])("says of a device %s: %s", async (_, cause, of) => {
    const monday = nextMonday();
    expect(await causeOf(monday, await vehicle(monday, ...of(monday)))).toBe(cause);
  });

  it("says nothing of days long past, as only the newest contact is kept", async () => {
    const monday = nextMonday();
    const imei = await vehicle(monday, {}, null);
    expect(await tell(monday, imei, 47)).toHaveLength(1);
    expect(await tell(monday, imei, 49)).toEqual([]);
  });
});

describe("outside_city", () => {
  /** A city with so many vehicles in its middle. */
  async function city(monday: Monday, vehicles: number): Promise<string> {
    const name = unique("city");
    for (let n = 0; n < vehicles; n += 1) await vehicle(monday, { city: name }, { lat: -1.3, lng: 36.8 });
    return name;
  }
  /** So many km to the north of its middle. */
  const north = (km: number) => ({ lat: -1.3 + km / 111.195, lng: 36.8 });

  it.each([
    [99.9, 6, 0],
    [100.1, 6, 1],
    [300, 6, 1],
    [300, 4, 1],
    [300, 3, 0],
  ])("%d km from the median, with %d others: %d told", async (km, others, count) => {
    const monday = nextMonday();
    const name = await city(monday, others);
    const imei = await vehicle(monday, { city: name }, north(km));
    const told = await tell(monday, imei);
    expect(told).toHaveLength(count);
    if (count > 0) {
      expect(told[0]).toMatchObject({
        ...{ kind: "outside_city", severity: km > 200 ? "high" : "medium" },
        title: `KDA ${imei.slice(-4)} is ${Math.round(km)} km away from ${name}`,
        why: expect.stringContaining("told over 100.0 km (cityAwayKm)"),
        evidence: {
          distanceKm: expect.closeTo(km, 0),
          overKm: 100,
          medianOfVehicles: others + 1,
          geofence: null,
        },
        links: [`/v1/vehicles/${imei}`, expect.stringContaining(`/v1/vehicles/${imei}/track?from=`)],
      });
    }
  });

  it("takes the geofence that has the city's name instead, where there is one", async () => {
    const monday = nextMonday();
    const name = unique("Fenced");
    const near = await vehicle(monday, { city: name }, north(19));
    const far = await vehicle(monday, { city: name }, north(21));
    const sql = database();
    await sql`
      insert into tracksolid.geofences (name, kind, geometry, radius_m)
      values (${name.toLowerCase()}, 'city zone', '{"type": "Point", "coordinates": [36.8, -1.3]}', 20000)`;
    expect(await tell(monday, near)).toEqual([]);
    expect(await tell(monday, far)).toMatchObject([
      {
        title: expect.stringContaining(`is outside ${name}`),
        why: expect.stringContaining("outside the geofence"),
        evidence: { overKm: null, distanceKm: null },
      },
    ]);
    await sql`update tracksolid.geofences set enabled = false where name = ${name.toLowerCase()}`;
    expect(await tell(monday, far)).toEqual([]);
  });

  it.each<[string, object, (monday: Monday) => object]>([
    ["without a city", { city: null }, () => ({})],
    ["hidden on maps", { hidden_on_map: true }, () => ({})],
    ["without a fix of the day", {}, (m) => ({ fix_at: at(m, -0.1) })],
    ["whose place comes from cells", {}, () => ({ pos_type: "LBS" })],
  ])("says nothing of a vehicle %s", async (_, device, live) => {
    const monday = nextMonday();
    const name = await city(monday, 6);
    const imei = await vehicle(monday, { city: name, ...device }, { ...north(300), ...live(monday) });
    expect(await tell(monday, imei)).toEqual([]);
  });
});

describe("account_changed", () => {
  const move = async (imei: string, account: string, account_at: string) => {
    await database()`update tracksolid.devices set account = ${account}, account_at = ${account_at} where imei = ${imei}`;
  };

  it("tells which account it left for which", async () => {
    const monday = nextMonday();
    const imei = await vehicle(monday, { account: "north", account_at: at(monday, -900) });
    await move(imei, "between", at(monday, 9));
    await move(imei, "south", at(monday, 10));
    expect(await tell(monday, imei)).toMatchObject([
      {
        ...{ kind: "account_changed", severity: "high" },
        title: `KDA ${imei.slice(-4)} has moved from the account north to south`,
        evidence: { fromAccount: "north", toAccount: "south", changedAt: `${monday.day}T07:00:00Z` },
      },
    ]);
    // Of the days beside it nothing.
    expect(
      await tell({ day: dayAt(monday.startMs, -1), startMs: monday.startMs - 86_400_000 }, imei),
    ).toEqual([]);
    await move(imei, "north", at(monday, 11));
    expect(await tell(monday, imei)).toEqual([]);
  });

  it("says nothing while the vendor has named no owner, nor when he names the same", async () => {
    const monday = nextMonday();
    const imei = await vehicle(monday, { account: "asked" });
    await move(imei, "owner", at(monday, 9));
    await move(imei, "owner", at(monday, 10));
    expect(await tell(monday, imei)).toEqual([]);
  });
});

describe("idling", () => {
  // max(2 × median, median + 30 min)
  it.each([
    [600, 28, 2_400, 0],
    [600, 28, 2_401, 1],
    [3_600, 28, 7_200, 0],
    [3_600, 28, 7_201, 1],
    [3_600, 10, 7_201, 1],
    [3_600, 9, 86_000, 0],
    [0, 28, 1_801, 1],
  ])("median %d s of %d days, %d s today: %d told", async (usual, days, today, count) => {
    const monday = nextMonday();
    const imei = await vehicle(monday);
    await addUsual(imei, monday, days, usual);
    await addDay(imei, monday.day, { moving_s: 0, idling_s: today });
    const told = await tell(monday, imei);
    expect(told).toHaveLength(count);
    if (count > 0) {
      expect(told[0]).toMatchObject({
        kind: "idling",
        why: expect.stringContaining("(idlingTimes, idlingMoreS)."),
        evidence: { idlingS: today, medianS: usual, medianOfDays: days, bar: 1 },
        links: expect.arrayContaining([expect.stringMatching(/^\/v1\/trips\?imei=\d+&from=.+Z&to=.+Z$/)]),
      });
    }
  });

  it("takes the last 28 days on which it moved and of which half is known", async () => {
    const monday = nextMonday();
    const imei = await vehicle(monday);
    for (let ago = 1; ago <= 70; ago += 1) {
      const day = dayAt(monday.startMs, -ago);
      if (ago % 7 === 0) await addDay(imei, day, { moving_s: 0, idling_s: 20_000 });
      else if (ago % 7 === 1) await addDay(imei, day, { idling_s: 20_000, unknown_s: 43_201 });
      // The 28 newest of the rest are within 40 days.
      else await addDay(imei, day, { idling_s: ago <= 40 ? 900 : 20_000 });
    }
    await addDay(imei, monday.day, { idling_s: 4_000 });
    expect((await tell(monday, imei))[0]?.evidence).toMatchObject({ medianS: 900, medianOfDays: 28 });
  });

  it("says nothing of a day of which nothing is known", async () => {
    const monday = nextMonday();
    const imei = await vehicle(monday);
    await addUsual(imei, monday, 28, 600);
    expect(await tell(monday, imei)).toEqual([]);
  });
});

describe("after_hours", () => {
  /** A shift on Mondays, or another day. */
  async function shiftOf(from: string, to: string, weekday = 1): Promise<string> {
    const shift = unique("shift");
    const sql = database();
    await sql`insert into tracksolid.shifts ${sql({ shift, weekday, starts_at: from, ends_at: to })}`;
    return shift;
  }
  /** Moves of a vehicle: hour, seconds, and minutes between which. @returns what is told */
  async function moved(shift: string | null, hours: [number, number, number, number][]) {
    const monday = nextMonday();
    const imei = await vehicle(monday, { shift });
    for (const [hour, movingS, from, to] of hours) await addHour(imei, monday, hour, movingS, from, to);
    await addDay(imei, monday.day, { moving_s: 20_000 });
    return tell(monday, imei);
  }

  it.each<[string, [number, number, number, number][], number]>([
    ["ten minutes at night", [[23, 600, 0, 30]], 0],
    ["a second more", [[23, 601, 0, 30]], 1],
    ["until five", [[4, 601, 0, 30]], 1],
    ["from five on", [[5, 3_600, 0, 60]], 0],
    ["until ten", [[21, 3_600, 0, 60]], 0],
    [
      "two hours together",
      [
        [3, 301, 0, 30],
        [22, 300, 0, 30],
      ],
      1,
    ],
  ])("without a shift, %s", async (_, hours, count) => {
    expect(await moved(null, hours)).toHaveLength(count);
  });

  it("says between when it was under way, and by which shift that is outside", async () => {
    const told = await moved(await shiftOf("07:00", "17:00"), [
      [5, 1_200, 20, 50],
      [9, 3_600, 0, 60],
      [18, 1_800, 0, 30],
    ]);
    expect(told).toMatchObject([
      {
        ...{ kind: "after_hours", severity: "medium" },
        why: expect.stringMatching(
          /^Under way between 05:20 and 18:30; the shift ".+" is 07:00–17:00\. Told over 10 min \(afterHoursS\)\.$/,
        ),
        evidence: { outsideS: 3_000, overS: 600, within: "07:00–17:00" },
      },
    ]);
  });

  it("counts of an hour in which the shift begins what cannot have been within it", async () => {
    const shift = await shiftOf("07:30", "17:00");
    // 20 min under way between 07:05 and 07:50, of which 20 min may lie after half past.
    expect(await moved(shift, [[7, 1_200, 5, 50]])).toEqual([]);
    expect(await moved(shift, [[7, 2_700, 5, 50]])).toMatchObject([{ evidence: { outsideS: 1_500 } }]);
  });

  it("knows shifts over midnight, of the night before too, and free days", async () => {
    const night = await shiftOf("20:00", "06:00");
    expect(await moved(night, [[23, 3_600, 0, 60]])).toEqual([]);
    expect(await moved(night, [[3, 3_600, 0, 60]])).toHaveLength(1);
    const sundays = await shiftOf("20:00", "06:00", 7);
    expect(await moved(sundays, [[3, 3_600, 0, 60]])).toEqual([]);
    const told = await moved(await shiftOf("07:00", "17:00", 3), [[9, 3_600, 0, 60]]);
    expect(told).toMatchObject([{ why: expect.stringContaining("is free on that day") }]);
  });

  it("takes the night where nobody knows the shift, and shows no track of who is hidden", async () => {
    expect(await moved(unique("nobody's"), [[9, 3_600, 0, 60]])).toEqual([]);
    const monday = nextMonday();
    const imei = await vehicle(monday, { hidden_on_map: true });
    await addHour(imei, monday, 2, 3_600, 0, 60);
    await addDay(imei, monday.day, { moving_s: 3_600 });
    const [told] = await tell(monday, imei);
    expect(told?.links.filter((link) => link.includes("track"))).toEqual([]);
  });
});

describe("late_start", () => {
  async function began(minutes: number, driver = unique("Ñandú & O'Neil")) {
    const monday = nextMonday();
    const shift = unique("shift");
    const sql = database();
    await sql`insert into tracksolid.shifts ${sql({ shift, weekday: 1, starts_at: "07:00", ends_at: "17:00", grace: "15 minutes" })}`;
    const imei = await vehicle(monday, { shift });
    await drivenBy(imei, driver, at(monday, -500));
    await addHour(imei, monday, 7 + Math.floor(minutes / 60), 600, minutes % 60, 60);
    const row = {
      ...{
        imei,
        day: monday.day,
        driver_name: driver,
        moving_s: 600,
        idling_s: 0,
        parked_s: 0,
        trips: 1,
        alarms: 0,
      },
      ...{ speeding_events: 0, harsh_events: 0 },
      ...{ first_moving_at: at(monday, 7 + minutes / 60), last_moving_at: at(monday, 16) },
    };
    await sql`insert into reporting.driver_day ${sql(row)}`;
    return { told: await tell(monday, driver), driver, imei, monday };
  }

  it("tells who began later than the grace", async () => {
    const { told, driver, imei, monday } = await began(42);
    expect(told).toMatchObject([
      {
        ...{ kind: "late_start", subject_type: "driver", subject: driver, imei, driver, severity: "low" },
        title: `${driver} began 42 min late`,
        why: expect.stringMatching(/at 07:42; due at 07:00 .* grace of 15 min \(tracksolid\.shifts\)\.$/),
        evidence: { lateS: 2_520, overS: 900 },
      },
    ]);
    const link = new URL(told[0]?.links.at(-1) ?? "", "https://api.example.com");
    expect([...link.searchParams]).toEqual([
      ["driver", driver],
      ["from", monday.day],
      ["to", monday.day],
    ]);
  });

  it.each([
    [15, 0],
    [16, 1],
  ])("%d min late: %d told", async (minutes, count) => {
    expect((await began(minutes)).told).toHaveLength(count);
  });
});

describe("fuel_drain", () => {
  async function drained(confidence: number, change: object = {}) {
    const monday = nextMonday();
    const imei = await vehicle(monday, { own_tank_l: 60 });
    const sql = database();
    const row = {
      ...{ imei, at: at(monday, 9), source: "sensor", sensor: "", unit_code: "percent", kind: "drain" },
      ...{
        before_at: at(monday, 8),
        from_level: 80,
        to_level: 50,
        unexplained: 30,
        standing: true,
        driven_km: 0,
        confidence,
      },
      ...change,
    };
    await sql`insert into reporting.fuel_events ${sql(row)}`;
    return { told: await tell(monday, imei), imei, row, monday };
  }

  it("tells how much, and how sure that is", async () => {
    const { told, row, imei, monday } = await drained(0.9);
    expect(told).toMatchObject([
      {
        ...{ kind: "fuel_drain", severity: "high", title: `KDA ${imei.slice(-4)} lost 18 l of fuel` },
        evidence: {
          drains: 1,
          litresL: 18,
          confidence: 0.9,
          leastConfidence: 0.5,
          steps: [{ fromLevel: 80, toLevel: 50 }],
        },
      },
    ]);
    // What the bus told too happened once.
    const sql = database();
    await sql`insert into reporting.fuel_events ${sql({ ...row, source: "obd" })}`;
    expect((await tell(monday, imei))[0]?.evidence).toMatchObject({ drains: 1 });
  });

  it.each<[string, number, object, number]>([
    ["as sure as need be", 0.5, {}, 1],
    ["a little less", 0.49, {}, 0],
    ["a refill", 0.9, { kind: "refill" }, 0],
  ])("%s", async (_, confidence, change, count) => {
    expect((await drained(confidence, change)).told).toHaveLength(count);
  });

  it("says no litres where the unit is not known", async () => {
    const { told } = await drained(0.9, { unit_code: "0x17" });
    expect(told).toMatchObject([
      { title: expect.stringContaining("fell without use"), evidence: { litresL: null } },
    ]);
  });
});

describe("service_due", () => {
  it.each([
    [10_999, 0],
    [11_000, 1],
    [12_100, 1],
    [null, 0],
  ])("with the odometer at %s km: %d told", async (odometer_km, count) => {
    const monday = nextMonday();
    const imei = await vehicle(monday, { own_service_interval_km: 10_000 }, { odometer_km });
    await database()`insert into tracksolid.services values (${imei}, ${dayAt(monday.startMs, -90)}, 1000)`;
    const told = await tell(monday, imei);
    expect(told).toHaveLength(count);
    if (count > 0) {
      expect(told[0]).toMatchObject({
        ...{ kind: "service_due", severity: odometer_km === 12_100 ? "high" : "medium" },
        why: expect.stringContaining("by the odometer; told from its interval of 10000 km."),
        evidence: { sinceKm: Number(odometer_km) - 1_000, source: "odometer", intervalKm: 10_000 },
      });
    }
  });

  it("says nothing where no service is noted", async () => {
    const monday = nextMonday();
    const imei = await vehicle(monday, { own_service_interval_km: 10_000 }, { odometer_km: 50_000 });
    expect(await tell(monday, imei)).toEqual([]);
  });
});
