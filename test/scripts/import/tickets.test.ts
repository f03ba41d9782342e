import { afterAll, beforeAll, expect, it } from "vitest";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";
import { databaseWith } from "../../setup/foreign-tickets.ts";
import { type Imports, openImports } from "../../setup/imports.ts";
import { size } from "../../setup/size.ts";

let database: OwnDatabase;
let imports: Imports;

beforeAll(async () => {
  database = await createDatabase("migrated");
  // As npm run db:roles leaves it: nobody makes temporary tables.
  await database.sql.unsafe(`revoke all on database ${new URL(database.url).pathname.slice(1)} from public`);
  imports = await openImports(database.url);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await imports[Symbol.asyncDispose]();
});

/** Imports a text as a file: inc, crq, fuel, or tickets of both kinds. */
const importing = (
  kind: string,
  content: string | Uint8Array,
  options: string[] = ["--apply"],
  ending = "csv",
) => imports.take(/inc|crq/.test(kind) ? `tickets ${kind}` : kind, content, options, ending);

const EXPORTED = ["--exported-at", "2026-10-07T00:00Z", "--apply"];
const csv = (...lines: string[]) => `${lines.join("\n")}\n`;

const ticketOf = async (number: string) =>
  (await database.sql`select * from tickets.incidents where number = ${number}`)[0];

it("imports tickets with all they have, and the same file again without a change", async () => {
  const file = csv(
    "Number,State,Priority,Area,Lat,Lng,Opened At,Due At,Resolved-At,Driver Name,IMEI,Customer,Updated At",
    'INC-A1,Open,P1,"Westlands, ""the"" mall",-1.26,36.8,2026-10-06T06:00Z,2026-10-06 12:00+03:00,,Juma Otieno,860000000000001,Ann,2026-10-06T06:05:00Z',
  );
  const dry = await importing("inc", file, []);
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toContain("It would be: 1 new, 0 changed, 0 as known. Add --apply");
  expect(await ticketOf("INC-A1")).toBeUndefined();
  const done = await importing("inc", file);
  expect(done.stdout).toContain("1 new, 0 changed");
  expect(done.stdout).toContain("Kept as it is, but not read: customer.");
  expect(done.stdout).toContain("Vehicles that nobody has heard of: 860000000000001.");
  const ticket = await ticketOf("INC-A1");
  expect(ticket).toMatchObject({
    ...{ state: "Open", priority: "P1", area: 'Westlands, "the" mall', lat: -1.26, lng: 36.8 },
    ...{ opened_at: new Date("2026-10-06T06:00Z"), due_at: new Date("2026-10-06T09:00Z"), resolved_at: null },
    ...{ driver_name: "Juma Otieno", imei: "860000000000001", told_at: new Date("2026-10-06T06:05Z") },
    raw: { Customer: "Ann", State: "Open" },
  });
  const [before] = await database.sql`select xmin::text from tickets.incidents where number = 'INC-A1'`;
  expect((await importing("inc", file)).stdout).toContain("0 new, 0 changed, 1 as known");
  expect(await database.sql`select xmin::text from tickets.incidents where number = 'INC-A1'`).toEqual([
    before,
  ]);
});

it("updates a ticket with newer rows, of the columns they have, and not with older ones", async () => {
  await importing("inc", csv("number,opened_at,state,area", "U1,2026-10-06T06:00Z,New,CBD"), EXPORTED);
  const later = ["--exported-at", "2026-10-08T00:00Z", "--apply"];
  const resolved = csv("number,state,resolved_at", "U1,Resolved,2026-10-06T09:00Z");
  expect((await importing("inc", resolved, later)).stdout).toContain("0 new, 1 changed");
  const done = { state: "Resolved", area: "CBD", resolved_at: new Date("2026-10-06T09:00Z") };
  expect(await ticketOf("U1")).toMatchObject(done);
  // The export of before, found in a mailbox.
  const stale = await importing(
    "inc",
    csv("number,opened_at,state,area", "U1,2026-10-06T06:00Z,New,"),
    EXPORTED,
  );
  expect(stale.stdout).toContain("0 new, 0 changed, 0 as known, 1 older than what is known");
  expect(await ticketOf("U1")).toMatchObject(done);
  // Opened again: an empty cell clears.
  const again = csv("number,state,resolved_at,area,updated_at", "U1,Reopened,,,2026-10-09T00:00Z");
  expect((await importing("inc", again)).stdout).toContain("0 new, 1 changed");
  expect(await ticketOf("U1")).toMatchObject({ state: "Reopened", area: null, resolved_at: null });
  // A newer export that says the same is remembered, so that one between them changes nothing.
  await importing("inc", csv("number,state", "U1,Reopened"), [
    "--exported-at",
    "2026-10-12T00:00Z",
    "--apply",
  ]);
  const between = await importing("inc", csv("number,state", "U1,Closed"), [
    "--exported-at",
    "2026-10-11T00:00Z",
    "--apply",
  ]);
  expect(between.stdout).toContain("1 older");
  expect(await ticketOf("U1")).toMatchObject({ state: "Reopened", told_at: new Date("2026-10-12T00:00Z") });
});

it("takes the newest of several rows of a ticket, whatever their order, and refuses those that contradict", async () => {
  const rows = [
    "W1,2026-10-06T06:00Z,Resolved,2026-10-06T09:00Z,2026-10-06T09:00Z",
    "W1,2026-10-06T06:00Z,New,,2026-10-06T06:00Z",
    "W1,2026-10-06T06:00Z,Resolved,2026-10-06T09:00Z,2026-10-06T09:00Z",
  ];
  const header = "number,opened_at,state,resolved_at,updated_at";
  const some = await importing("inc", csv(header, ...rows));
  expect(some.stdout).toContain("1 new, 0 changed");
  expect(some.stdout).toContain("another of the same key is newer or says the same: 2.");
  expect(await ticketOf("W1")).toMatchObject({ state: "Resolved" });
  const both = await importing(
    "inc",
    csv(header, rows[0] ?? "", "W1,2026-10-06T06:00Z,Closed,,2026-10-06T09:00Z"),
  );
  expect(both).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("line 3: says other than line 2 of the same number"),
  });
});

it("reads times without a zone in that of --zone, through the change of clocks", async () => {
  const file = csv(
    "number;opened_at;due_at;lat;lng",
    "Z1;2026-10-06 09:00;2026-10-25;-1.5;36.5",
    "Z2;2026-10-26 09:00:30;;;",
  );
  const refused = await importing("inc", file, EXPORTED);
  expect(refused.stderr).toContain('line 2: opened_at "2026-10-06 09:00" names no zone');
  await importing("inc", file, [...EXPORTED, "--zone", "Europe/Berlin"]);
  const late = { code: 1, stderr: expect.stringContaining("is yet to come") };
  expect(await importing("inc", csv("number,opened_at", "Z3,2099-01-01T00:00Z"), EXPORTED)).toMatchObject(
    late,
  );
  expect(await ticketOf("Z1")).toMatchObject({
    ...{ opened_at: new Date("2026-10-06T07:00Z"), due_at: new Date("2026-10-24T22:00Z"), lat: -1.5 },
  });
  expect(await ticketOf("Z2")).toMatchObject({ opened_at: new Date("2026-10-26T08:00:30Z") });
  const nowhere = await importing("inc", file, [...EXPORTED, "--zone", "Nairobi"]);
  expect(nowhere).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("There is no time zone Nairobi"),
  });
});

it("tells every row that cannot be imported with its line and reason, and imports none", async () => {
  const rows: [string, RegExp][] = [
    ["GOOD,2026-10-06T06:00Z,,-1.3,36.8,", /^$/],
    [",2026-10-06T06:00Z,,,,", /number is empty/],
    ["B1,yesterday,,,,", /opened_at "yesterday" is no time/],
    ["B2,2026-02-31T06:00Z,,,,", /opened_at "2026-02-31T06:00Z" is no time/],
    ["B3,,,,,", /opened_at is empty/],
    ["B4,2026-10-06T06:00Z,,-91,36.8,", /lat "-91" is not between -90 and 90/],
    ['B5,2026-10-06T06:00Z,,"1,3",36.8,', /lat "1,3" is no number/],
    ["B6,2026-10-06T06:00Z,,,,8.6E+14", /imei is an IMEI that a spreadsheet rounded/],
    ["B7,2026-10-06T06:00Z,,,", /has 5 cells, the header 6/],
    ["B8,2026-10-06T06:00Z,,,,a\0b", /holds a NUL/],
    [`B9,2026-10-06T06:00Z,,,,${"9".repeat(600)}`, /imei is no IMEI/],
    ["B10,1899-12-30T00:00Z,,,,", /is not between 2000 and 2100/],
  ];
  const { code, stderr, stdout } = await importing(
    "inc",
    csv("number,opened_at,resolved_at,lat,lng,imei", ...rows.map(([row]) => row)),
    EXPORTED,
  );
  expect(code).toBe(1);
  const told = stderr.trim().split("\n");
  expect(stdout).toContain("Nothing was changed: 11 rows cannot be taken.");
  for (const [index, [row, reason]] of rows.entries()) {
    const said = told.filter((line) => line.startsWith(`line ${index + 2}: `)).join("\n");
    expect(said, row).toMatch(reason);
  }
  expect(await ticketOf("GOOD")).toBeUndefined();
});

it.each<[string, string, RegExp]>([
  [
    "resolved before it was opened",
    "R1,2026-10-06T06:00Z,2026-10-06T05:59Z,,",
    /line 3: was resolved before it was opened/,
  ],
  ["of half a place", "R1,2026-10-06T06:00Z,,-1.3,", /line 3: has one of lat and lng without the other/],
  ["of the navel of the earth", "R1,2026-10-06T06:00Z,,0,0", /line 3: is at 0, 0/],
])("refuses a ticket %s, and all with it", async (_, row, reason) => {
  const file = csv("number,opened_at,resolved_at,lat,lng", "GOOD2,2026-10-06T06:00Z,,,", row);
  expect(await importing("inc", file, EXPORTED)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(reason),
  });
  expect(await ticketOf("GOOD2")).toBeUndefined();
});

it("looks at what is known when a row has a part of a ticket", async () => {
  await importing("inc", csv("number,opened_at", "P1,2026-10-06T06:00Z"), EXPORTED);
  const early = await importing("inc", csv("number,resolved_at", "P1,2026-10-06T05:00Z"), EXPORTED);
  expect(early.stderr).toContain("line 2: was resolved before it was opened");
  const unknown = await importing("inc", csv("number,resolved_at", "P2,2026-10-06T07:00Z"), EXPORTED);
  expect(unknown.stderr).toContain("line 2: is new and has no opened_at");
});

it.each<[string, string | Uint8Array, string, RegExp]>([
  ["nothing", "", "csv", /is empty/],
  ["blanks", " \n\n", "json", /is empty/],
  ["blank lines", " \n\n", "csv", /is empty/],
  ["a header alone", "number,opened_at\n", "csv", /has no rows/],
  ["an empty list", "[]", "json", /has no rows/],
  ["half a list", '[{"number"', "json", /is not JSON/],
  ["no list", '{"number": 1}', "json", /is not a list/],
  ["texts", '["INC1"]', "json", /item 1: is no object/],
  [
    "a list in a cell",
    '[{"number":["x"],"opened_at":"2026-10-06T06:00Z"}]',
    "json",
    /number is neither text nor number/,
  ],
  [
    "a number that is too long",
    '[{"number":86000000000000123,"opened_at":"2026-10-06T06:00Z"}]',
    "json",
    /number has lost its last digits/,
  ],
  [
    "a NUL deep inside",
    '[{"number":"1","opened_at":"2026-10-06T06:00Z","x":{"y":"\\u0000"}}]',
    "json",
    /item 1: holds a NUL/,
  ],
  [
    "half a character",
    '[{"number":"1","opened_at":"2026-10-06T06:00Z","\\ud800":1}]',
    "json",
    /item 1: holds a NUL, or half/,
  ],
  ["a column twice", "number,Number\n1,2\n", "csv", /two columns "number"/],
  [
    "an open quote",
    'number,opened_at\n1,2026-10-06T06:00Z\n2,"2026\n3,2026\n',
    "csv",
    /line 3: a quote is opened and never closed; what follows/,
  ],
  ["no number", "opened_at\n2026-10-06T06:00Z\n", "csv", /line 2: has no number/],
  ["no change", "number,opened_at\n1,2026-10-06T06:00Z\n", "csv", /line 2: does not say when it changed/],
  ["a spreadsheet", "PK\x03\x04", "xlsx", /is a spreadsheet or an archive/],
])("refuses a file of %s", async (_, content, ending, reason) => {
  const outcome = await importing("inc", content, ["--apply"], ending);
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
});

it.each<[string[], number, RegExp]>([
  [[], 2, /npm run import-tickets -- FILE.csv/],
  [["incidents", "x.csv"], 2, /Not understood: incidents/],
  [["tickets", "inc", "crq", "x.csv"], 2, /Not understood/],
  [["tickets", "inc", "missing.csv"], 1, /ENOENT/],
  [["tickets", "inc", "."], 1, /is no file/],
  [["fuel", "x.csv", "--exported-at", "noon"], 1, /--exported-at "noon" is no time/],
  [["drivers", "x.csv", "--zone", "UTC"], 2, /--zone and --exported-at are of tickets and fuel/],
])("says what to write instead of %j", async (words, code, message) => {
  const outcome = await imports.call(...words);
  expect(outcome).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
});

it("imports change requests of JSON, quotes, SQL and other scripts as they are", async () => {
  const area = `'); drop table tickets.change_requests; -- "Ngara" Кибера 🚐 \\ %s`;
  const rows = [
    {
      number: 17,
      opened_at: "2026-10-06T06:00Z",
      area,
      lat: -1.3,
      lng: 36.8,
      updated_at: "2026-10-06T06:00Z",
    },
  ];
  await importing("crq", `\uFEFF${JSON.stringify(rows)}`, ["--apply"], "json");
  expect(await database.sql`select number, area, raw from tickets.change_requests`).toEqual([
    { number: "17", area, raw: rows[0] },
  ]);
  const listed =
    await database.sql`select kind, number, is_open from reporting.v_tickets where number = '17'`;
  expect(listed).toEqual([{ kind: "CRQ", number: "17", is_open: true }]);
});

it("imports fuel fills, the same fill twice once, a corrected one instead", async () => {
  const header = "imei,filled_at,litres,cost,currency,odometer_km,station";
  const fill = "860000000000009,2026-10-06T06:00Z,40.5,7290.50,kes,120345.6,Shell Ngong Rd";
  const same = "860000000000009,2026-10-06T09:00+03:00,40.5,7290.50,KES,120345.6,Shell Ngong Rd";
  expect((await importing("fuel", csv(header, fill, same), EXPORTED)).stdout).toContain("1 new");
  const shown = () => database.sql`select * from reporting.v_fuel_fills where imei = '860000000000009'`;
  expect(await shown()).toEqual([
    {
      ...{ imei: "860000000000009", filled_at: new Date("2026-10-06T06:00Z"), litres: 40.5, cost: "7290.5" },
      ...{ currency: "KES", odometer_km: 120_345.6, station: "Shell Ngong Rd" },
    },
  ]);
  await importing("fuel", csv("imei,filled_at,litres", "860000000000009,2026-10-06T06:00Z,45"), [
    "--exported-at",
    "2026-10-08T00:00Z",
    "--apply",
  ]);
  expect(await shown()).toMatchObject([{ litres: 45, cost: "7290.5" }]);
  for (const [row, reason] of [
    ["860000000000009,2026-10-06T07:00Z,0,,,,", /litres "0" is not between/],
    ["860000000000009,2026-10-06T07:00Z,40,100,,,", /has a cost without a currency/],
    ["860000000000009,2026-10-06T07:00Z,40,100,shilling,,", /currency is no currency/],
  ] as const) {
    expect(await importing("fuel", csv(header, row), EXPORTED)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(reason),
    });
  }
});

it("takes a file of a year in one go, and tells no more of it than anybody reads", async () => {
  const count = size(3_000, 1_000_000);
  const rows = Array.from(
    { length: count },
    (_, index) =>
      `BIG${index},2026-10-06T06:00Z,${index % 2 ? "2026-10-06T07:00Z" : ""},-1.3,36.8,Driver ${index % 150}`,
  );
  const file = csv("number,opened_at,resolved_at,lat,lng,driver_name", rows.join("\n"));
  const first = await importing("crq", file, [...EXPORTED, "--json"]);
  const outcome = JSON.parse(first.stdout);
  expect(outcome).toMatchObject({ new: count, changed: 0 });
  expect(outcome.changes).toHaveLength(200);
  expect((await importing("crq", file, EXPORTED)).stdout).toContain(`0 new, 0 changed, ${count} as known.`);
  const [counted] = await database.sql`
    select count(*)::int as rows, (count(*) filter (where is_open))::int as open from reporting.v_tickets where number like 'BIG%'`;
  expect(counted).toEqual({ rows: count, open: count / 2 });
  const bad = await importing("crq", file.replaceAll("06:00Z", "25:00Z"), EXPORTED);
  expect(bad.stderr.trim().split("\n")).toHaveLength(201);
  expect(bad.stdout).toContain(`${count} rows cannot be taken`);
});

it("writes nothing into tables of another product", async () => {
  await using foreign = await databaseWith(
    "create schema tickets; create table tickets.incidents (number text, opened_at timestamptz); create schema fuel; create table fuel.log (id int);",
  );
  await using others = await openImports(foreign.url);
  const ticket = csv("number,opened_at", "F1,2026-10-06T06:00Z");
  expect(await others.take("tickets inc", ticket, EXPORTED)).toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining("The table tickets.incidents belongs to postgres") },
  });
  const fill = csv("imei,filled_at,litres", "860000000000001,2026-10-06T06:00Z,40");
  expect(await others.take("fuel", fill, EXPORTED)).toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining("There is no table fuel.fills of ours") },
  });
  expect(await foreign.sql`select from tickets.incidents`).toHaveLength(0);
});

it("takes incidents and change requests of one file, each told by its kind, or all of one", async () => {
  const file = csv(
    "Kind|Ticket No|Opened|State",
    "INC|K1|2026-10-06T06:00Z|New",
    "Change request|K1|2026-10-06T07:00Z|New",
    "Problem|K2|2026-10-06T06:00Z|New",
    "|K3|2026-10-06T06:00Z|New",
  );
  const refused = await importing("tickets", file, EXPORTED);
  expect(refused).toMatchObject({
    code: 1,
    stderr: 'line 4: kind "Problem" is neither inc nor crq\nline 5: kind "" is neither inc nor crq\n',
  });
  expect(await ticketOf("K1")).toBeUndefined();
  const taken = await importing("tickets", file, [...EXPORTED, "--skip-bad"]);
  expect(taken).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("2 new, 0 changed, 0 as known, 2 bad and left out."),
  });
  const kinds = await database.sql`select kind from reporting.v_tickets where number = 'K1' order by kind`;
  expect(kinds).toEqual([{ kind: "CRQ" }, { kind: "INC" }]);
  const mixed = await importing("crq", file, EXPORTED);
  expect(mixed.stderr).toContain('line 2: is of the kind "INC", not crq');
  const without = await importing("tickets", csv("number,opened_at", "K4,2026-10-06T06:00Z"), EXPORTED);
  expect(without.stderr).toContain("line 2: has no kind: add the column, or name inc or crq");
});

it("leaves out with --skip-bad what cannot be taken for whatever reason, and takes the rest", async () => {
  const file = csv(
    "number,opened_at,resolved_at",
    "S1,2026-10-06T06:00Z,",
    "S2,tomorrow,",
    "S3,2026-10-06T06:00Z,2026-10-06T05:00Z",
    "S4,2026-10-06T06:00Z,",
    "S4,2026-10-06T07:00Z,",
    'S5,2026-10-06T06:00Z,5" late',
    "number,opened_at,resolved_at",
  );
  const { code, stderr, stdout } = await importing("inc", file, [...EXPORTED, "--skip-bad", "--json"]);
  const outcome = JSON.parse(stdout);
  expect(outcome).toMatchObject({ applied: true, new: 2, changed: 0, same: 0, older: 0, bad: 5 });
  expect(outcome.changes.map(({ key }: { key: string }) => key)).toEqual(["S1", "S4"]);
  expect(outcome.problems).toEqual([
    { place: "line 3", reason: expect.stringContaining('opened_at "tomorrow" is no time') },
    { place: "line 4", reason: "was resolved before it was opened" },
    { place: "line 6", reason: "says other than line 5 of the same number, changed at the same time" },
    { place: "line 7", reason: "has a quote inside a cell that is not in quotes" },
    { place: "line 8", reason: "repeats the header" },
  ]);
  expect(stderr).toContain("line 4: was resolved before it was opened");
  expect(code).toBe(1);
  const found = await database.sql`select number from tickets.incidents where number like 'S_' order by 1`;
  expect(found).toEqual([{ number: "S1" }, { number: "S4" }]);
});

it("tells of each column what it was and what it becomes, also of what is only kept", async () => {
  const file = (state: string, customer: string) =>
    csv("number,opened_at,state,Customer", `D1,2026-10-06T06:00Z,${state},${customer}`);
  await importing("inc", file("New", "Ann"), EXPORTED);
  const later = ["--exported-at", "2026-10-08T00:00Z"];
  const changed = await importing("inc", file("Closed", "Ann"), later);
  expect(changed.stdout).toMatch(/^D1 {2}state: New → Closed\n/);
  const kept = await importing("inc", file("New", "Bob"), later);
  expect(kept.stdout).toMatch(/^D1 {2}Customer: Ann → Bob\n/);
});

it("says in a line what cells hold, whatever that is, and that there is more", async () => {
  const cells = [`"\u001b[31mred\n"`, `${"9".repeat(2_000)}x`, ...Array.from({ length: 150 }, () => "x")];
  const file = csv("number,opened_at,lat,lng", ...cells.map((cell, at) => `L${at},soon,${cell},x`));
  const lines = (await importing("inc", file, EXPORTED)).stderr.trimEnd().split("\n");
  expect(lines.slice(0, 3)).toContain('line 2: lat " [31mred" is no number');
  expect(lines.find((line) => line.startsWith("line 4: lat"))).toMatch(
    /^line 4: lat "9{500,} … 9+x" is no number$/,
  );
  expect(lines).toHaveLength(201);
  expect(lines.at(-1)).toBe("and more");
});
