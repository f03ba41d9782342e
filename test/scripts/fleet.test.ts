import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { fleetCommand } from "../../scripts/db-fleet.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { type Imports, openImports } from "../setup/imports.ts";

let database: OwnDatabase;
let imports: Imports;
beforeAll(async () => {
  database = await createDatabase("migrated");
  imports = await openImports(database.url);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await imports[Symbol.asyncDispose]();
});

const ONE = "860000000000001";
const TWO = "860000000000002";
const THREE = "860000000000003";

beforeEach(async () => {
  await database.sql`
    truncate tracksolid.devices, tracksolid.vehicle_types, tracksolid.shifts, tracksolid.fuel_prices, tracksolid.services, tracksolid.fuel_units,
      private.driver_sightings, tracksolid.driver_assignments, private.dirty_days`;
  await database.sql`
    insert into tracksolid.devices (imei, plate, city, facts_at, created_at, changed_at) values
      (${ONE}, 'KDA 001A', 'Nairobi', now(), now(), now()), (${TWO}, 'KDA 002A', null, now(), now(), now()),
      (${THREE}, 'KDA 002A ', 'Kisumu, "west"', now(), now(), now())`;
});

/** The command as the owner of the tables, which is nobody's superuser. */
const fleet = (...words: string[]) =>
  callCommand(fleetCommand, words, { DATABASE_URL: `${database.url}?role=tracksolid_owner` });

const vehicle = async (imei: string) =>
  (await database.sql`select * from tracksolid.devices where imei = ${imei}`)[0];

it("takes back what it exports, of every table", async () => {
  for (const [table, ...words] of [
    ["types", "box truck", "fuel_l_per_100_km=24.5", "tank_l=180"],
    ["shifts", "day, early", "1", "starts_at=6:30", "ends_at=15:00", "grace_min=0"],
    ["prices", "2026-10-01", "price_per_l=189.840", "currency=KES"],
    ["units", "CM", "unit=percent"],
    ["services", ONE, "2026-09-30", "odometer_km=120400"],
    ["vehicles", ONE, 'segment=retail "north"', "vehicle_type=box truck", "own_driver_name=Juma, A."],
    ["drivers", TWO, "driver_name=Zoë", "driver_phone=+254 700"],
  ] as const) {
    expect((await fleet("set", table, ...words, "--apply")).stdout).toContain("1 changed");
    const { stdout } = await fleet("export", table);
    const what = table === "vehicles" ? "devices" : table;
    expect(await imports.take(what, stdout)).toMatchObject({
      ...{ code: 0, stderr: "" },
      stdout: expect.stringMatching(/It would be: 0 new, 0 changed, [13] as known\.\n$/),
    });
    // As a spreadsheet saves it: with a byte order mark, semicolons and other line ends.
    const resaved = `\ufeff${stdout.replaceAll("\n", "\r\n")}`;
    const again = await imports.take(what, resaved, ["--apply"]);
    expect(again.stdout).toContain("0 new, 0 changed");
  }
  expect(await database.sql`select shift, starts_at, grace::text from tracksolid.shifts`).toEqual([
    { shift: "day, early", starts_at: "06:30:00", grace: "00:00:00" },
  ]);
  expect((await fleet("export", "types")).stdout).toBe(
    "vehicle_type,fuel_l_per_100_km,service_interval_km,tank_l\nbox truck,24.5,,180\n",
  );
});

it("has whom the company names drive from then on", async () => {
  await fleet("set", ONE, "own_driver_name=Juma", "own_driver_phone=0700", "own_plate=KDZ 1", "--apply");
  expect(await vehicle(ONE)).toMatchObject({ driver_name: "Juma", driver_phone: "0700", plate: "KDZ 1" });
  const drivers = () =>
    database.sql`select driver_name, driver_phone, source from tracksolid.driver_assignments`;
  expect(await drivers()).toEqual([{ driver_name: "Juma", driver_phone: "0700", source: "own" }]);
  expect(await database.sql`select imei from private.dirty_days`).toEqual([{ imei: ONE }]);
  await fleet("set", ONE, "own_driver_name=", "own_driver_phone=", "own_plate=", "--apply");
  // Nobody else was named; the plate is nobody's until the vendor tells it.
  expect(await vehicle(ONE)).toMatchObject({ driver_name: "Juma", own_driver_name: null, plate: null });
  expect(await drivers()).toHaveLength(1);
});

it("has the phone go with the driver it belonged to, where nothing is said of it", async () => {
  await fleet("set", "drivers", ONE, "driver_name=Juma", "driver_phone=0700", "--apply");
  const changed = await fleet("set", ONE, "own_driver_name=Amina", "--apply");
  expect(changed.stdout).toContain(`${ONE}  own_driver_name: Juma → Amina; own_driver_phone: 0700 → –\n`);
  expect(await vehicle(ONE)).toMatchObject({ driver_name: "Amina", driver_phone: null });
  const refused = await fleet("set", "drivers", TWO, "driver_phone=0701", "--apply");
  expect(refused).toMatchObject({
    ...{ code: 1, stderr: "driver_phone without driver_name\nNothing was changed.\n" },
  });
});

it("takes rows away, but no vehicles", async () => {
  await fleet("set", "prices", "2026-10-01", "price_per_l=1", "currency=KES", "--apply");
  expect((await fleet("remove", "prices", "2026-10-01")).stdout).toContain("would go");
  expect((await fleet("remove", "prices", "2026-10-01", "--apply")).stdout).toContain("is gone");
  expect(await database.sql`select from tracksolid.fuel_prices`).toEqual([]);
  expect((await fleet("remove", "prices", "2026-10-01")).stderr).toContain("There is no price 2026-10-01");
  expect((await fleet("remove", ONE, "--apply")).stderr).toContain("is not taken away here");
});

it("takes away what is named in other letters, and nothing that vehicles refer to", async () => {
  await fleet("set", "units", "CM", "unit=percent", "--apply");
  expect((await fleet("remove", "units", "CM", "--apply")).stdout).toContain("is gone");
  expect(await database.sql`select from tracksolid.fuel_units`).toEqual([]);

  await fleet("set", "types", "van", "tank_l=60", "--apply");
  for (const day of ["1", "2"]) {
    await fleet("set", "shifts", "early", day, "starts_at=6:30", "ends_at=15:00", "grace_min=0", "--apply");
  }
  await fleet("set", ONE, "vehicle_type=van", "shift=early", "--apply");
  expect(await fleet("remove", "types", "van", "--apply")).toMatchObject({
    code: 1,
    stderr: `van is the vehicle_type of 1 vehicles, of ${ONE} for one: give them another first.\n`,
  });
  expect((await fleet("remove", "shifts", "early", "1", "--apply")).stdout).toContain("is gone");
  expect((await fleet("remove", "shifts", "early", "2")).stderr).toContain(
    "early is the shift of 1 vehicles",
  );
});

it.each([
  ["set", ONE],
  ["set", ONE, "city"],
  ["import", "fleet.csv"],
  ["remove", "prices"],
  ["drop", "vehicles"],
])("shows how it is used for %j", async (...words) => {
  expect(await fleet(...words)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("npm run db:fleet"),
  });
});
