import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { fleetCommand } from "../../scripts/db-fleet.ts";
import { callCommand, type Outcome } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";

let database: OwnDatabase;
let folder: string;
beforeAll(async () => {
  database = await createDatabase("migrated");
  folder = await mkdtemp(join(tmpdir(), "fleet-"));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
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

/** Imports what a file says. */
async function imports(content: string | Uint8Array, ...words: string[]): Promise<Outcome> {
  const file = join(folder, "fleet.csv");
  await writeFile(file, content);
  const [table] = words;
  const named = table && !table.startsWith("--") ? [table] : [];
  return fleet("import", ...named, file, ...words.slice(named.length));
}

const vehicle = async (imei: string) =>
  (await database.sql`select * from tracksolid.devices where imei = ${imei}`)[0];

it("says what would change, changes it with --apply, and nothing the second time", async () => {
  await database.sql`insert into tracksolid.vehicle_types values ('van', 9)`;
  const file = `imei,city,vehicle_type,own_fuel_l_per_100_km,hidden_on_map\r\n${ONE},Mombasa,van,12.50,TRUE\r\n${TWO},,,,false\r\n`;
  const dry = await imports(file);
  expect(dry.stdout).toBe(
    `${ONE}  vehicle_type: – → van; city: Nairobi → Mombasa; hidden_on_map: false → true; own_fuel_l_per_100_km: – → 12.5\n` +
      "1 would change, 1 are as they should be. Add --apply to do it.\n",
  );
  expect(await vehicle(ONE)).toMatchObject({ city: "Nairobi", hidden_on_map: false });
  expect((await imports(file, "--apply")).stdout).toContain("1 changed, 1 are as they should be.");
  const changed = await vehicle(ONE);
  expect(changed).toMatchObject({
    ...{ city: "Mombasa", vehicle_type: "van", own_fuel_l_per_100_km: 12.5, hidden_on_map: true },
    // The file does not speak of these.
    ...{ plate: "KDA 001A", kind: "vehicle", own_driver_name: null },
  });
  expect((await imports(file, "--apply")).stdout).toBe("0 changed, 2 are as they should be.\n");
  expect((await vehicle(ONE))?.changed_at).toEqual(changed?.changed_at);
});

it("takes back what it exports, of every table", async () => {
  for (const [table, ...words] of [
    ["types", "box truck", "fuel_l_per_100_km=24.5", "tank_l=180"],
    ["shifts", "day, early", "1", "starts_at=6:30", "ends_at=15:00", "grace_min=0"],
    ["prices", "2026-10-01", "price_per_l=189.840", "currency=KES"],
    ["units", "CM", "unit=percent"],
    ["services", ONE, "2026-09-30", "odometer_km=120400"],
    ["vehicles", ONE, 'segment=retail "north"', "vehicle_type=box truck", "own_driver_name=Juma, A."],
  ] as const) {
    expect((await fleet("set", table, ...words, "--apply")).stdout).toContain("1 changed");
    const { stdout } = await fleet("export", table);
    expect(await imports(stdout, table)).toMatchObject({
      stderr: "",
      stdout: expect.stringMatching(/^0 would change, [13] are as they should be\.\n$/),
    });
    // As a spreadsheet saves it: with a byte order mark, semicolons and other line ends.
    const resaved = `\ufeff${stdout.replaceAll("\n", "\r\n")}`;
    expect((await imports(resaved, table, "--apply")).stdout).toMatch(/^0 changed/);
  }
  expect(await database.sql`select shift, starts_at, grace::text from tracksolid.shifts`).toEqual([
    { shift: "day, early", starts_at: "06:30:00", grace: "00:00:00" },
  ]);
  expect((await fleet("export", "types")).stdout).toBe(
    "vehicle_type,fuel_l_per_100_km,service_interval_km,tank_l\nbox truck,24.5,,180\n",
  );
});

it("tells every bad line, and does nothing while there is one", async () => {
  const { stderr, code } = await imports(
    `imei;city;kind;shift;own_tank_l;own_driver_phone;plate
${ONE};Thika;vehicle;;;;KDA 001A
${TWO};Thika;car;;;;
860000000000009;Thika;vehicle;;;;
8.6E+14;Thika;vehicle;;;;
${ONE};Thika;vehicle;;;;KDA 001A
${TWO};Thika;vehicle;late;0;0700;KDA 9
${THREE};Thika
`,
    "--apply",
  );
  expect(stderr.split("\n")).toEqual([
    "line 3: plate is KDA 002A, not empty: own_plate says what it is",
    'line 3: kind "car" is none of vehicle, canary',
    "line 4: there is no vehicle 860000000000009: the vendor lists it first, then the job devices brings it",
    'line 5: imei "8.6E+14" is an IMEI that a spreadsheet rounded: format the column as text and export again',
    "line 6: tells of the same vehicle as line 2",
    "line 7: tells of the same vehicle as line 3",
    "line 7: plate is KDA 002A, not KDA 9: own_plate says what it is",
    'line 7: shift "late" is none of the shifts',
    'line 7: own_tank_l "0" is no number over 0, at most 5000, with up to 1 decimals and a point',
    "line 7: own_driver_phone without own_driver_name",
    "line 8: has 2 cells, the first line 7",
    "Nothing was changed: 11 faults in 7 lines.",
    "",
  ]);
  expect(code).toBe(1);
  expect(await vehicle(ONE)).toMatchObject({ city: "Nairobi" });
});

it("finds vehicles by their plate, where that is one vehicle's", async () => {
  const file = "plate,own_driver_name\nkda001a,Wanjiku\n";
  expect((await imports(file, "--apply")).stdout).toContain(`${ONE}  own_driver_name: – → Wanjiku`);
  const { stderr } = await imports("plate,city\nKDA-002A,Thika\nKDA 7,Thika\n,Thika\n", "--apply");
  expect(stderr).toContain(`line 2: KDA-002A is the plate of ${TWO}, ${THREE}: name it by its imei`);
  expect(stderr).toContain("line 3: there is no vehicle with the plate KDA 7: name it by its imei");
  expect(stderr).toContain("line 4: has no plate");
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

it.each<[string, string | Uint8Array, RegExp]>([
  ["an empty file", "", /The file is empty/],
  ["npm's own words", "\n> edge@0.1.0 db:fleet\n> node scripts/db-fleet.ts export\n\nimei\n", /npm run -s/],
  [
    "a name it does not know",
    `imei,colour,\n${ONE},red,\n`,
    /Unknown columns: colour, one without a name\. vehicles have imei/,
  ],
  ["a name twice", `imei,city,city\n${ONE},a,b\n`, /twice: city/],
  ["lines that name nothing", "city\nThika\n", /Without imei or plate a line names no vehicle/],
  ["another encoding", Uint8Array.from([0x69, 0xe9]), /not UTF-8/],
  ["a quote that never ends", `imei,city\n${ONE},"Thika\n`, /no CSV/],
  ["a NUL", `imei,city\n${ONE},Th\u0000ika\n`, /line 2: city "Th\\u0000ika" has control characters/],
  ["a city as long as a book", `imei,city\n${ONE},${"x".repeat(201)}\n`, /longer than 200/],
  ["a comma in a number", `imei,own_tank_l\n${ONE},"12,5"\n`, /"12,5" is no number/],
])("refuses %s", async (_, content, words) => {
  const { stderr, code } = await imports(content, "--apply");
  expect(stderr).toMatch(words);
  expect(code).toBe(1);
});

it.each([["set", ONE], ["set", ONE, "city"], ["import"], ["remove", "prices"], ["drop", "vehicles"]])(
  "shows how it is used for %j",
  async (...words) => {
    expect(await fleet(...words)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("npm run db:fleet"),
    });
  },
);
