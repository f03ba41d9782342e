import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { mapTicketsCommand } from "../../scripts/db-map-tickets.ts";
import { callCommand } from "../setup/command.ts";
import type { OwnDatabase } from "../setup/database.ts";
import { databaseWith } from "../setup/foreign-tickets.ts";
import { minute, PLACE, putFixes, standing } from "../setup/ticket-fixes.ts";

const IMEI = "860000000000001";

/** Another product's: other names, other types, both kinds in one table. */
const FOREIGN = `
  create schema tickets;
  create type tickets.stage as enum ('NEW', 'In Progress', 'Done');
  create table tickets."Job ""List""" (
    "Job No" integer, kind char(10), stage tickets.stage, "Prio" varchar(10) collate "C", lat numeric(9, 6), lng real,
    "Created" timestamp, closed timestamptz(0), due date, tech text, device bigint, payload jsonb
  );
  insert into tickets."Job ""List""" values
    (1, 'incident', 'Done', 'P1', ${PLACE.lat}, ${PLACE.lng}, '2026-10-06 09:00', '2026-10-06 07:00Z', '2026-10-07', 'Juma', ${IMEI}, '{}'),
    (2, 'incident', 'In Progress', ' ', 0, 0, '2026-10-06 10:00', '2026-10-06 08:00Z', null, ' Amina ', null, null),
    (3, 'change', 'NEW', 'P2', 95, 36.8, '1899-12-30', null, null, '', null, null),
    (4, 'other', 'NEW', 'P2', -1.3, 36.8, '2026-10-06', null, null, '', null, null),
    (null, 'incident', 'NEW', null, null, null, null, null, null, null, null, null);
  create schema fuel;
  create table fuel.card_log (vehicle text, at timestamptz, qty numeric(8, 2), total numeric(12, 2), km integer);
  insert into fuel.card_log values ('${IMEI}', '2026-10-06 06:00Z', 40.5, 7290.50, 120345), (null, '2026-10-06 06:00Z', 1, 1, 1);
`;

const jobs = (kind: string, name: string) => ({
  ...{ kind, table: { schema: "tickets", name: 'Job "List"' }, only: { column: "kind", values: [name] } },
  ...{ zone: "Africa/Nairobi", openStates: ["new", "In progress"] },
  columns: {
    ...{
      number: "Job No",
      opened_at: "Created",
      state: "stage",
      priority: "Prio",
      area: { constant: 'O\'Area \\ "x"' },
    },
    ...{ lat: "lat", lng: "lng", due_at: "due", resolved_at: "closed", driver_name: "tech", imei: "device" },
  },
});
const MAPPING = {
  // char(10) is compared without its blanks.
  tickets: [jobs("INC", "incident"), jobs("CRQ", "change")],
  fuelFills: [
    {
      table: { schema: "fuel", name: "card_log" },
      columns: {
        ...{ imei: "vehicle", filled_at: "at", litres: "qty", cost: "total", currency: { constant: "KES" } },
        odometer_km: "km",
      },
    },
  ],
};
const GRANTS = `
  grant usage on schema tickets, fuel to tracksolid_owner;
  grant select on tickets."Job ""List""", fuel.card_log to tracksolid_owner;
`;

let folder: string;
let database: OwnDatabase;
let reader: postgres.Sql;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-mapping-"));
  database = await databaseWith(FOREIGN);
  reader = postgres(localRoleUrls(database.url).read, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await reader.end();
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

let files = 0;

async function mapping(content: unknown, ...options: string[]) {
  const path = join(folder, `${++files}.json`);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return command(path, ...options);
}

const command = (...words: string[]) => callCommand(mapTicketsCommand, words, { DATABASE_URL: database.url });

const views = () => database.sql`
  select c.relname, pg_get_viewdef(c.oid) as definition, c.relacl::text, obj_description(c.oid, 'pg_class') as comment,
    (select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation, col_description(c.oid, a.attnum))
      order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
  from pg_class c where c.relname in ('v_tickets', 'v_fuel_fills') order by 1`;

it("says which grants are missing, gives none, and changes nothing", async () => {
  const before = await views();
  const outcome = await mapping(MAPPING, "--apply");
  expect(outcome.code).toBe(1);
  expect(outcome.stderr.split("\n").map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      "grant usage on schema tickets to tracksolid_owner;  -- by postgres",
      'grant select on tickets."Job ""List""" to tracksolid_owner;  -- by postgres',
      "grant usage on schema fuel to tracksolid_owner;  -- by postgres",
      "grant select on fuel.card_log to tracksolid_owner;  -- by postgres",
    ]),
  );
  expect(await views()).toEqual(before);
  const [granted] = await database.sql`
    select has_schema_privilege('tracksolid_owner', 'tickets', 'usage') or has_schema_privilege('tracksolid_owner', 'fuel', 'usage') as any`;
  expect(granted).toEqual({ any: false });
});

it("reads another product's tables of another shape, keeping the shape of ours", async () => {
  await database.sql.unsafe(GRANTS);
  const before = await views();
  const dry = await mapping(MAPPING);
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toContain("create or replace view reporting.v_tickets as");
  expect(dry.stdout).toContain("reporting.v_tickets INC: 2 rows, 1 open, 1 without a place");
  expect(dry.stdout).toContain('INC "In Progress" is open: 1');
  expect(dry.stdout).toContain("Add --apply");
  expect(await views()).toEqual(before);

  const done = await mapping(MAPPING, "--apply");
  expect(done).toMatchObject({ code: 0, stderr: "" });
  const after = await views();
  const shapeOf = (rows: typeof after) => rows.map(({ definition: _, ...shape }) => shape);
  expect(shapeOf(after)).toEqual(shapeOf(before));
  expect(await reader`select * from reporting.v_tickets order by kind desc, number`).toEqual([
    {
      ...{ kind: "INC", number: "1", state: "Done", priority: "P1", area: 'O\'Area \\ "x"' },
      ...{
        lat: PLACE.lat,
        lng: expect.closeTo(PLACE.lng, 5),
        opened_at: minute(0),
        due_at: new Date("2026-10-06T21:00Z"),
      },
      ...{ resolved_at: minute(60), driver_name: "Juma", imei: IMEI, is_open: false },
    },
    {
      ...{ kind: "INC", number: "2", state: "In Progress", priority: null, area: 'O\'Area \\ "x"' },
      ...{ lat: null, lng: null, opened_at: minute(60), due_at: null },
      // Opened again: when it was resolved before is no longer so.
      ...{ resolved_at: null, driver_name: "Amina", imei: null, is_open: true },
    },
    {
      ...{ kind: "CRQ", number: "3", state: "NEW", priority: "P2", area: 'O\'Area \\ "x"' },
      ...{ lat: null, lng: null, opened_at: expect.any(Date), due_at: null },
      ...{ resolved_at: null, driver_name: null, imei: null, is_open: true },
    },
  ]);
  expect(await reader`select * from reporting.v_fuel_fills`).toEqual([
    {
      ...{ imei: IMEI, filled_at: minute(0), litres: 40.5, cost: "7290.50", currency: "KES" },
      ...{ odometer_km: 120_345, station: null },
    },
  ]);
  // What is built on the views goes on, over another's tables too.
  await putFixes(database.sql, IMEI, standing(10, 30));
  expect(await reader`select number, outcome, within_s from reporting.v_ticket_visits`).toEqual([
    { number: "1", outcome: "visited", within_s: 1_200 },
  ]);
  await expect(reader`select * from fuel.card_log`).rejects.toMatchObject({ code: "42501" });
});

it("replaces one view and leaves the other, and empties it again", async () => {
  await database.sql.unsafe(GRANTS);
  await mapping(MAPPING, "--apply");
  const alter = database.sql`alter table fuel.card_log alter column qty type text`;
  await expect(alter).rejects.toMatchObject({ code: "0A000" });
  const plain = { ...jobs("CRQ", "change"), openStates: undefined };
  expect((await mapping({ tickets: [plain] }, "--apply")).code).toBe(0);
  expect(await reader`select number, is_open from reporting.v_tickets`).toEqual([
    { number: "3", is_open: true },
  ]);
  expect(await reader`select from reporting.v_fuel_fills`).toHaveLength(1);
  await database.sql`update tracksolid.ticket_rules set closed_states = closed_states || 'new'::text`;
  expect(await reader`select number, is_open from reporting.v_tickets`).toEqual([
    { number: "3", is_open: false },
  ]);
  expect((await mapping({ tickets: [], fuelFills: [] }, "--apply")).stdout).toContain(
    "reporting.v_tickets: no rows",
  );
  expect(await reader`select from reporting.v_tickets`).toHaveLength(0);
  expect(await reader`select from reporting.v_fuel_fills`).toHaveLength(0);
  // Nothing of ours hangs on their tables any more.
  await database.sql`alter table fuel.card_log alter column qty type text`;
  await database.sql`alter table fuel.card_log alter column qty type numeric(8, 2) using qty::numeric`;
});

const withColumn = (name: string, column: unknown) => ({
  tickets: [{ ...jobs("INC", "incident"), columns: { ...jobs("INC", "incident").columns, [name]: column } }],
});

it.each<[string, unknown, RegExp]>([
  ["nothing", "", /is not JSON/],
  ["an empty object", {}, /says neither tickets nor fuelFills/],
  ["SQL", { tickets: [], sql: "drop table x" }, /Unrecognized key: "sql"/],
  ["an unknown column of ours", withColumn("colour", "stage"), /Unrecognized key: "colour"/],
  ["a kind that is none", { tickets: [jobs("TASK", "incident")] }, /kind/],
  ["no number", withColumn("number", undefined), /columns.number/],
  ["a NUL", withColumn("area", { constant: "a\0" }), /holds a NUL/],
  ["a constant for a time", withColumn("due_at", { constant: "2026-10-06" }), /columns.due_at/],
  ["lat alone", withColumn("lng", undefined), /lat and lng go together/],
  ["open states of no state", withColumn("state", undefined), /since openStates are given/],
  [
    "a column that is not there",
    withColumn("state", 'x"; drop table tracksolid.devices; --'),
    /there is no column "x"; drop table .*; it has Job No, kind/,
  ],
  ["capitals that differ", withColumn("state", "Stage"), /there is no column "Stage"/],
  ["text for a number", withColumn("lat", "tech"), /"tech" is text, and lat wants smallint/],
  ["a number for a time", withColumn("due_at", "device"), /"device" is bigint, and due_at wants timestamp/],
  ["JSON for a text", withColumn("area", "payload"), /"payload" is jsonb/],
  [
    "a time without a zone",
    { tickets: [{ ...jobs("INC", "incident"), zone: undefined }] },
    /"Created" is timestamp without time zone, without a zone/,
  ],
  [
    "a zone that is none",
    { tickets: [{ ...jobs("INC", "incident"), zone: "Nairobi" }] },
    /There is no time zone Nairobi/,
  ],
  [
    "a table that is not there",
    { tickets: [{ ...jobs("INC", "incident"), table: { schema: "tickets", name: "jobs" } }] },
    /tickets.jobs: there is no such table/,
  ],
  [
    "what nobody may read",
    {
      fuelFills: [
        {
          table: { schema: "private", name: "leases" },
          columns: { imei: "name", filled_at: "name", litres: "name" },
        },
      ],
    },
    /not read from the schema private/,
  ],
  [
    "itself",
    {
      fuelFills: [
        {
          table: { schema: "reporting", name: "v_fuel_fills" },
          columns: { imei: "imei", filled_at: "filled_at", litres: "litres" },
        },
      ],
    },
    /not read from the schema reporting/,
  ],
])("refuses a mapping of %s, and leaves the views", async (_, content, reason) => {
  const before = await views();
  expect(await mapping(content, "--apply")).toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
  expect(await views()).toEqual(before);
});

it("takes back a view that cannot be read", async () => {
  await database.sql.unsafe(`${GRANTS}
    create view tickets.broken as select 1 / (device - device) as n, now() as at from tickets."Job ""List""";
    grant select on tickets.broken to tracksolid_owner;`);
  const before = await views();
  const table = { schema: "tickets", name: "broken" };
  const outcome = await mapping(
    { tickets: [{ kind: "INC", table, columns: { number: "n", opened_at: "at" } }] },
    "--apply",
  );
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining("division by zero") });
  expect(await views()).toEqual(before);
});

it("says how it is called", async () => {
  expect(await command()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("mapping.json --apply"),
  });
  expect(await command("missing.json")).toMatchObject({ code: 1, stderr: expect.stringContaining("ENOENT") });
});
