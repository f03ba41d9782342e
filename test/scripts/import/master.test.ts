import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";
import { type Imports, openImports } from "../../setup/imports.ts";

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
    truncate tracksolid.devices, tracksolid.vehicle_types, tracksolid.shifts, private.driver_sightings,
      tracksolid.driver_assignments, private.dirty_days`;
  await database.sql`
    insert into tracksolid.devices (imei, plate, city, facts_at, created_at, changed_at) values
      (${ONE}, 'KDA 001A', 'Nairobi', now(), now(), now()), (${TWO}, 'KDA 002A', null, now(), now(), now()),
      (${THREE}, 'KDA 002A ', 'Kisumu, "west"', now(), now(), now())`;
});

const vehicle = async (imei: string) =>
  (await database.sql`select * from tracksolid.devices where imei = ${imei}`)[0];

it("says what would change, changes it with --apply, and nothing the second time", async () => {
  await database.sql`insert into tracksolid.vehicle_types values ('van', 9)`;
  const file = `imei,city,vehicle_type,own_fuel_l_per_100_km,hidden_on_map\r\n${ONE},Mombasa,van,12.50,TRUE\r\n${TWO},,,,false\r\n`;
  const dry = await imports.take("devices", file);
  expect(dry.stdout).toContain(
    `${ONE}  vehicle_type: – → van; city: Nairobi → Mombasa; hidden_on_map: false → true; own_fuel_l_per_100_km: – → 12.5\n`,
  );
  expect(dry.stdout).toContain("It would be: 0 new, 1 changed, 1 as known. Add --apply to do it.\n");
  expect(await vehicle(ONE)).toMatchObject({ city: "Nairobi", hidden_on_map: false });
  expect((await imports.take("devices", file, ["--apply"])).stdout).toContain(
    "0 new, 1 changed, 1 as known.",
  );
  const changed = await vehicle(ONE);
  expect(changed).toMatchObject({
    ...{ city: "Mombasa", vehicle_type: "van", own_fuel_l_per_100_km: 12.5, hidden_on_map: true },
    // The file does not speak of these.
    ...{ plate: "KDA 001A", kind: "vehicle", own_driver_name: null },
  });
  expect((await imports.take("devices", file, ["--apply"])).stdout).toContain(
    "0 new, 0 changed, 2 as known.\n",
  );
  expect((await vehicle(ONE))?.changed_at).toEqual(changed?.changed_at);
});

it("tells every bad line, and does nothing while there is one", async () => {
  const { stderr, stdout, code } = await imports.take(
    "devices",
    `imei;city;kind;shift;own_tank_l;own_driver_phone;plate
${ONE};Thika;vehicle;;;;KDA 001A
${TWO};Thika;car;;;;
860000000000009;Thika;vehicle;;;;
8.6E+14;Thika;vehicle;;;;
${ONE};Thika;vehicle;;;;KDA 001A
${TWO};Thika;vehicle;late;0;0700;KDA 9
${THREE};Thika
`,
    ["--apply"],
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
    "line 8: has 2 cells, the header 7",
    "",
  ]);
  expect(stdout).toContain("Nothing was changed: 6 rows cannot be taken.");
  expect(code).toBe(1);
  expect(await vehicle(ONE)).toMatchObject({ city: "Nairobi" });
});

it("finds vehicles by their plate, where that is one vehicle's", async () => {
  const file = "plate,own_driver_name\nkda001a,Wanjiku\n";
  expect((await imports.take("devices", file, ["--apply"])).stdout).toContain(
    `${ONE}  own_driver_name: – → Wanjiku`,
  );
  const { stderr } = await imports.take("devices", "plate,city\nKDA-002A,Thika\nKDA 7,Thika\n,Thika\n", [
    "--apply",
  ]);
  expect(stderr).toContain(`line 2: KDA-002A is the plate of ${TWO}, ${THREE}: name it by its imei`);
  expect(stderr).toContain("line 3: there is no vehicle with the plate KDA 7: name it by its imei");
  expect(stderr).toContain("line 4: has no plate");
});

it.each<[string, string, RegExp]>([
  [
    "a name it does not know",
    `imei,colour,,city\n${ONE},red,,\n`,
    /Unknown columns: colour, one without a name\. vehicles have imei/,
  ],
  ["a name twice", `imei,city,city\n${ONE},a,b\n`, /two columns "city"/],
  ["lines that name nothing", "city\nThika\n", /Without imei or plate a line names no vehicle/],
  ["a NUL", `imei,city\n${ONE},Th\u0000ika\n`, /line 2: city "Th\\u0000ika" has control characters/],
  ["a city as long as a book", `imei,city\n${ONE},${"x".repeat(201)}\n`, /longer than 200/],
  ["a comma in a number", `imei,own_tank_l\n${ONE},"12,5"\n`, /"12,5" is no number/],
])("refuses %s", async (_, content, words) => {
  const { stderr, code } = await imports.take("devices", content, ["--apply"]);
  expect(stderr).toMatch(words);
  expect(code).toBe(1);
});

it("has whom a list of drivers names drive from then on, and gives back whom it empties", async () => {
  const drivers = () => database.sql`
    select imei, driver_name, driver_phone, source from tracksolid.driver_assignments order by valid_from, imei`;
  const first = await imports.take("drivers", "Driver;Phone;Plate\nZoë;0700;kda 001a\n", ["--apply"]);
  expect(first).toMatchObject({
    ...{ code: 0, stdout: expect.stringContaining(`${ONE}  driver_name: – → Zoë; driver_phone: – → 0700`) },
  });
  expect(await vehicle(ONE)).toMatchObject({
    own_driver_name: "Zoë",
    driver_name: "Zoë",
    driver_phone: "0700",
  });
  expect(await drivers()).toEqual([{ imei: ONE, driver_name: "Zoë", driver_phone: "0700", source: "own" }]);
  expect(await database.sql`select imei from private.dirty_days`).toEqual([{ imei: ONE }]);
  // Nobody calls the driver of before.
  await imports.take("drivers", `imei,driver_name\n${ONE},Juma\n${TWO},\n`, ["--apply"]);
  expect(await vehicle(ONE)).toMatchObject({ driver_name: "Juma", driver_phone: null });
  await imports.take("drivers", `imei,driver_name\n${ONE},\n`, ["--apply"]);
  expect(await vehicle(ONE)).toMatchObject({ own_driver_name: null, own_driver_phone: null });
  const other = await imports.take("drivers", `imei,driver_name,city\n${ONE},Juma,Thika\n`);
  expect(other.stderr).toContain(
    "Unknown columns: city. drivers have imei, plate, driver_name, driver_phone.",
  );
});

it("leaves bad lines out with --skip-bad, and says so to programs too", async () => {
  const file = `imei,city\n${ONE},Thika\n8.6E+14,Ruiru\n${TWO}\n${ONE},Juja\n${THREE},Kisii\n`;
  const { code, stdout } = await imports.take("devices", file, ["--skip-bad", "--apply", "--json"]);
  expect(JSON.parse(stdout)).toEqual({
    ...{ applied: true, new: 0, changed: 2, same: 0, older: 0, bad: 3 },
    counts: { vehicles: { new: 0, changed: 2, same: 0, older: 0 } },
    changes: [
      { key: ONE, isNew: false, columns: [{ name: "city", from: "Nairobi", to: "Thika" }] },
      { key: THREE, isNew: false, columns: [{ name: "city", from: 'Kisumu, "west"', to: "Kisii" }] },
    ],
    problems: [
      { place: "line 3", reason: expect.stringContaining("is an IMEI that a spreadsheet rounded") },
      { place: "line 4", reason: "has 1 cells, the header 2" },
      { place: "line 5", reason: "tells of the same vehicle as line 2" },
    ],
    ...{ encoding: "UTF-8", delimiter: "," },
  });
  expect(code).toBe(1);
  expect(await vehicle(ONE)).toMatchObject({ city: "Thika" });
});

it("adds rows to the tables that are made here, and refuses a file that is too large", async () => {
  const shifts = "Shift|Weekday|Starts At|Ends At|Grace Min\nearly|1|6:00|14:00|10\n";
  const added = await imports.take("shifts", shifts, ["--apply"]);
  expect(added.stdout).toContain("early 1 (new)  shift: – → early; weekday: – → 1; starts_at: – → 06:00");
  expect(await database.sql`select shift, weekday from tracksolid.shifts`).toEqual([
    { shift: "early", weekday: 1 },
  ]);
  const large = await imports.take("shifts", Buffer.alloc(50 * 1024 * 1024 + 1, "x"));
  expect(large).toMatchObject({ code: 1, stderr: expect.stringContaining("is larger than 50 MB") });
});
