import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { minute, PLACE, putTicket } from "../setup/ticket-fixes.ts";

let database: OwnDatabase;
let reader: postgres.Sql;

beforeAll(async () => {
  database = await createDatabase("migrated");
  reader = postgres(localRoleUrls(database.url).read, { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await reader.end();
  await database[Symbol.asyncDispose]();
});

let last = 860_000_000_000_000;

/** A vehicle that stands so many degrees north of the place. */
async function vehicle(rest: { kind?: string; hidden?: boolean; north?: number; driver?: string } = {}) {
  const { kind = "vehicle", hidden = false, north = 0.1, driver } = rest;
  const imei = String(++last);
  const { sql } = database;
  await sql`
    insert into tracksolid.devices (imei, device_name, plate, kind, hidden_on_map, facts_at, created_at, changed_at)
    values (${imei}, ${`Van ${imei.slice(-2)}`}, 'KAA 1', ${kind}, ${hidden}, ${minute(0)}, ${minute(0)}, ${minute(0)})`;
  await sql`
    insert into tracksolid.live_positions (imei, fix_at, contact_at, lat, lng, speed_kmh, ignition, changed_at)
    values (${imei}, ${minute(58)}, ${minute(58)}, ${PLACE.lat + north}, ${PLACE.lng}, 0, true, ${minute(58)})`;
  if (driver !== undefined) {
    await sql`
      insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
      values (${imei}, ${minute(0)}, ${driver}, 'device_detail')`;
  }
  return imei;
}

const mapOf = async (number: string, at = 60) =>
  (await reader`select * from reporting.fn_active_dispatch_map(${minute(at)}) where number = ${number}`)[0];

const NO_VEHICLE = {
  ...{ imei: null, assigned_by: null, name: null, plate: null, status: null },
  ...{ vehicle_lat: null, vehicle_lng: null, fix_at: null, distance_km: null },
};

it("shows an open ticket with its vehicle, as both are", async () => {
  const imei = await vehicle();
  await putTicket(database.sql, { number: "A1", imei, resolved: null, due: 30, state: "New" });
  expect(await mapOf("A1")).toEqual({
    ...{ kind: "INC", number: "A1", state: "New", priority: null, area: null, ...PLACE },
    ...{ opened_at: minute(0), age_s: 3_600, due_at: minute(30), overdue: true, driver_name: null },
    ...{ imei, assigned_by: "imei", name: `Van ${imei.slice(-2)}`, plate: "KAA 1", status: "idling" },
    ...{ vehicle_lat: PLACE.lat + 0.1, vehicle_lng: PLACE.lng, fix_at: minute(58) },
    // A tenth of a degree of a meridian.
    distance_km: expect.closeTo(11.12, 2),
  });
  expect(await mapOf("A1", 20)).toMatchObject({ overdue: false, age_s: 1_200 });
  expect(await mapOf("A1", -1)).toBeUndefined();
});

it("finds the vehicle that its driver has then", async () => {
  const before = await vehicle({ driver: "Wanjiru" });
  await putTicket(database.sql, { number: "D1", driver_name: "wanjiru", resolved: null });
  expect(await mapOf("D1")).toMatchObject({ imei: before, assigned_by: "driver", overdue: false });
  await database.sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${before}, ${minute(30)}, 'Kamau', 'device_detail')`;
  expect(await mapOf("D1", 59)).toMatchObject(NO_VEHICLE);
  expect(await mapOf("D1", 29)).toMatchObject({ imei: before });
});

it("shows a ticket without its vehicle where that is no vehicle of the map", async () => {
  const { sql } = database;
  const hidden = await vehicle({ hidden: true, driver: "Hidden" });
  const canary = await vehicle({ kind: "canary", driver: "Canary" });
  const disabled = await vehicle();
  await sql`update tracksolid.devices set enabled = false where imei = ${disabled}`;
  const assigned = { hidden, canary, disabled, unknown: "869999999999999" };
  for (const [number, imei] of Object.entries(assigned)) {
    await putTicket(sql, { number, imei, resolved: null });
    expect(await mapOf(number), number).toMatchObject({ number, ...NO_VEHICLE });
  }
  for (const driver_name of ["Hidden", "Canary", "Nobody"]) {
    const number = `driver ${driver_name}`;
    await putTicket(sql, { number, driver_name, resolved: null });
    expect(await mapOf(number), number).toMatchObject({ number, driver_name, ...NO_VEHICLE });
  }
});

it("leaves out what is closed, or nowhere", async () => {
  const { sql } = database;
  const imei = await vehicle();
  await putTicket(sql, { number: "R1", imei, resolved: 50 });
  await putTicket(sql, { number: "R2", imei, resolved: null, state: " CANCELLED " });
  await putTicket(sql, { number: "R3", imei, resolved: null, place: null });
  for (const number of ["R1", "R2", "R3"]) expect(await mapOf(number), number).toBeUndefined();
  // It was not resolved then.
  expect(await mapOf("R1", 40)).toMatchObject({ number: "R1", imei });
  await sql`update tickets.incidents set resolved_at = null, state = 'Reopened' where number = 'R1'`;
  expect(await mapOf("R1")).toMatchObject({ number: "R1", state: "Reopened" });
});
