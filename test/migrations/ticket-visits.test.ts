import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { nodesOf, readsOf } from "../setup/plans.ts";
import { type Fix, minute, putFixes, putTicket, standing, type Ticket } from "../setup/ticket-fixes.ts";

let database: OwnDatabase;
let reader: postgres.Sql;

beforeAll(async () => {
  database = await createDatabase("migrated");
  // What analysts may do: the views need nothing else.
  reader = postgres(localRoleUrls(database.url).read, { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await reader.end();
  await database[Symbol.asyncDispose]();
});

let last = 860_000_000_000_000;
const newImei = () => String(++last);
const numberOf = (imei: string) => `INC${imei.slice(-3)}`;

const visitOf = async (number: string) =>
  (await reader`select * from reporting.v_ticket_visits where number = ${number}`)[0];

/** A ticket of a vehicle that drove so, opened at minute 0 and resolved at minute 60. */
async function visit(fixes: Fix[], ticket: Partial<Ticket> = {}) {
  const imei = newImei();
  await putFixes(database.sql, imei, fixes);
  await putTicket(database.sql, { number: numberOf(imei), imei, ...ticket });
  return visitOf(numberOf(imei));
}

const far = (at: number, rest: Partial<Fix> = {}): Fix => ({
  ...{ minute: at, northM: 5_000, speedKmh: 50, ignition: true },
  ...rest,
});

it("sees who stood there, with its evidence", async () => {
  expect(await visit([far(5), ...standing(10, 30), far(35)], { due: 20 })).toMatchObject({
    ...{ outcome: "visited", visited: true, confidence: 1, assigned_by: "imei", arrived_in_time: true },
    ...{ first_within_at: minute(10), last_within_at: minute(30), within_s: 1_200, stood_s: 1_200 },
    ...{ stood: true, fixes: 21, unseen_s: 0, longest_gap_s: 0, has_gap: false },
    nearest_m: expect.closeTo(20, 3),
  });
});

it("knows who drove past, and who crept past", async () => {
  const past = [-200, 0, 200].map((northM, index) => ({ minute: 10 + index / 4, northM, speedKmh: 50 }));
  expect(await visit([far(5), ...past, far(15)])).toMatchObject({
    ...{ outcome: "passed", visited: false, confidence: 0, within_s: 0, fixes: 1, stood: false },
  });
  const creeping = Array.from({ length: 11 }, (_, index) => ({
    ...{ minute: 10 + index, northM: index * 25 - 125, speedKmh: 5 },
  }));
  expect(await visit([far(5), ...creeping, far(25)])).toMatchObject({
    ...{ outcome: "visited", confidence: 0.5, within_s: 600, stood_s: 0, stood: false },
  });
});

it.each([
  [149, "visited"],
  [151, "elsewhere"],
  [200, "elsewhere"],
])("takes who stands %d m away for %s", async (northM, outcome) => {
  expect(await visit(standing(10, 30, northM))).toMatchObject({
    ...{ outcome, visited: outcome === "visited", nearest_m: expect.closeTo(northM, 1) },
  });
});

it.each([
  [4.9, "passed", 0.98],
  [5, "visited", 1],
])("takes %d minutes for %s", async (minutes, outcome, confidence) => {
  const fixes = [0, 1, 2, 3, 4, minutes].map((at) => ({ minute: 10 + at, northM: 0 }));
  const seen = await visit([far(5), ...fixes, far(30)]);
  expect(seen).toMatchObject({ outcome, within_s: minutes * 60 });
  // The mean of both ratios, times the mean of 1 and the share it stood.
  expect(seen?.confidence).toBeCloseTo((confidence * (1 + confidence)) / 2, 6);
});

it("counts a gap in which it may have left, and says so", async () => {
  // Under way at its start, then 20 minutes without a fix.
  const gap = [
    { minute: 10, northM: 0, speedKmh: 20 },
    { minute: 30, northM: 0, speedKmh: 20 },
  ];
  expect(await visit([far(5), ...gap, far(35)])).toMatchObject({
    ...{ outcome: "visited", confidence: 0.25, within_s: 1_200, unseen_s: 1_200, has_gap: true },
    ...{ longest_gap_s: 1_200, stood: false, fixes: 2 },
  });
});

it("takes a gap with the ignition off for standing, but not one that ends elsewhere", async () => {
  const parked = { minute: 10, northM: 0, ignition: false };
  expect(await visit([far(5), parked, { minute: 40, northM: 0 }, far(45)])).toMatchObject({
    ...{ outcome: "visited", confidence: 1, within_s: 1_800, stood_s: 1_800, unseen_s: 0, has_gap: true },
  });
  expect(await visit([far(5), parked, far(45)])).toMatchObject({ outcome: "passed", within_s: 0 });
});

it("lets a fix that is elsewhere end a stay, whatever its distance", async () => {
  for (const away of [far(13), far(13, { northM: 400 })]) {
    const seen = await visit([...standing(10, 12), away, ...standing(14, 16)]);
    expect(seen).toMatchObject({ outcome: "passed", within_s: 120, fixes: 3, first_within_at: minute(10) });
  }
  // A cell tower knows no better: it ends nothing, and is no witness.
  const tower = far(13, { posType: "LBS" });
  expect(await visit([...standing(10, 12), tower, ...standing(14, 16)])).toMatchObject({ within_s: 360 });
});

it("tells the longest of several stays", async () => {
  const seen = await visit([...standing(2, 4), far(6), ...standing(10, 20), far(25), ...standing(30, 33)]);
  expect(seen).toMatchObject({ first_within_at: minute(10), within_s: 600, fixes: 11 });
});

it("counts as much of a stay as lies between opened and resolved", async () => {
  // It came before, parked, and left after: no fix lies between.
  const parked = [
    { minute: -30, northM: 0, ignition: false },
    { minute: 90, northM: 0 },
  ];
  expect(await visit([...parked, far(95)])).toMatchObject({
    ...{ outcome: "visited", confidence: 1, first_within_at: minute(0), last_within_at: minute(60) },
    ...{ within_s: 3_600, fixes: 0, longest_gap_s: 7_200 },
  });
  expect(await visit([...standing(-60, -1), far(1)])).toMatchObject({ outcome: "elsewhere" });
  expect(await visit([far(59), ...standing(61, 90)])).toMatchObject({ outcome: "elsewhere" });
});

it("takes who stands there with the ignition off for there as long as they are heard of", async () => {
  const imei = newImei();
  await putFixes(database.sql, imei, [far(5), { minute: 50, northM: 0, ignition: false }]);
  const heard = (at: number) => database.sql`
    insert into tracksolid.live_positions (imei, fix_at, contact_at, ignition, changed_at)
    values (${imei}, ${minute(50)}, ${minute(at)}, false, ${minute(at)})
    on conflict (imei) do update set contact_at = excluded.contact_at`;
  await putTicket(database.sql, { number: numberOf(imei), imei });
  expect(await visitOf(numberOf(imei))).toMatchObject({ outcome: "passed", within_s: 0 });
  await heard(54);
  expect(await visitOf(numberOf(imei))).toMatchObject({ outcome: "passed", within_s: 240, stood_s: 240 });
  await heard(600);
  expect(await visitOf(numberOf(imei))).toMatchObject({ outcome: "visited", within_s: 600, confidence: 1 });
});

it.each<[string, string, Fix[], Partial<Ticket>]>([
  ["a ticket without a place", "no_position", standing(10, 30), { place: null }],
  ["a vehicle that nobody has heard of", "no_fixes", [], {}],
  ["a vehicle that was silent meanwhile", "no_fixes", [far(-20), far(70)], {}],
  ["a driver who had no vehicle", "no_vehicle", standing(10, 30), { imei: undefined, driver_name: "Nobody" }],
  ["a ticket of nobody", "no_vehicle", standing(10, 30), { imei: undefined }],
])("cannot say it of %s", async (_, outcome, fixes, ticket) => {
  expect(await visit(fixes, ticket)).toMatchObject({
    outcome,
    visited: null,
    confidence: null,
    within_s: null,
  });
});

it("finds the vehicles that a driver had, each in its time", async () => {
  const { sql } = database;
  const [first, second, canary] = [newImei(), newImei(), newImei()];
  for (const imei of [first, second, canary]) {
    await sql`insert into tracksolid.devices (imei, kind, facts_at, created_at, changed_at)
      values (${imei}, ${imei === canary ? "canary" : "vehicle"}, ${minute(0)}, ${minute(0)}, ${minute(0)})`;
  }
  const assign = (imei: string, at: number, name: string) => sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${imei}, ${minute(at)}, ${name}, 'device_detail')`;
  await assign(first, -600, "Juma Otieno");
  await assign(first, 30, "Amina Hassan");
  await assign(second, 30, "juma otieno ");
  await assign(canary, -600, "Juma Otieno");
  // The first stood there, but by then with another driver.
  await putFixes(sql, first, [far(10), far(20), ...standing(35, 50)]);
  await putFixes(sql, second, [far(10), far(20), ...standing(40, 46)]);
  await putFixes(sql, canary, standing(0, 60));
  await putTicket(sql, { number: "INC-D1", driver_name: " JUMA OTIENO" });
  expect(await visitOf("INC-D1")).toMatchObject({
    ...{ imei: second, assigned_by: "driver", outcome: "visited", within_s: 360 },
  });
  await putTicket(sql, { number: "INC-D2", driver_name: "Amina Hassan" });
  expect(await visitOf("INC-D2")).toMatchObject({ imei: first, outcome: "visited", within_s: 900 });
  // Resolved before they changed.
  await putTicket(sql, { number: "INC-D3", driver_name: "Juma Otieno", resolved: 25 });
  expect(await visitOf("INC-D3")).toMatchObject({ imei: first, outcome: "elsewhere" });
  await putTicket(sql, { number: "INC-D4", imei: canary });
  expect(await visitOf("INC-D4")).toMatchObject({ outcome: "no_vehicle", visited: null });
});

it("looks at an open ticket up to an instant, and at one that was opened again once it is resolved again", async () => {
  const imei = newImei();
  const number = numberOf(imei);
  await putFixes(database.sql, imei, [far(5), ...standing(10, 30), far(35)]);
  await putTicket(database.sql, { number, imei, resolved: null, state: "Reopened" });
  expect(await visitOf(number)).toBeUndefined();
  const upTo = async (at: number) =>
    (
      await reader`
        select * from reporting.fn_ticket_visits(${minute(-1)}, ${minute(1)}, ${minute(at)}) where number = ${number}`
    )[0];
  expect(await upTo(-1)).toBeUndefined();
  expect(await upTo(7)).toMatchObject({ outcome: "elsewhere", is_open: true, resolved_at: null });
  // The fix of minute 14 has not come yet at 13:30.
  expect(await upTo(13.5)).toMatchObject({ outcome: "passed", within_s: 180 });
  expect(await upTo(15)).toMatchObject({ outcome: "visited", within_s: 300 });
  expect(await upTo(40)).toMatchObject({ outcome: "visited", within_s: 1_200 });
  await database.sql`update tickets.incidents set resolved_at = ${minute(12)} where number = ${number}`;
  expect(await visitOf(number)).toMatchObject({ outcome: "passed", within_s: 120 });
});

it("follows the rules of its table", async () => {
  await using other = await createDatabase("migrated");
  await putFixes(other.sql, "860000000000001", standing(10, 30, 200));
  await putTicket(other.sql, { number: "INC1", imei: "860000000000001" });
  const outcome = async () => (await other.sql`select outcome, confidence from reporting.v_ticket_visits`)[0];
  expect(await outcome()).toEqual({ outcome: "elsewhere", confidence: 0 });
  await other.sql`update tracksolid.ticket_rules set visit_distance_m = 250`;
  expect(await outcome()).toEqual({ outcome: "visited", confidence: 1 });
  await other.sql`update tracksolid.ticket_rules set visit_time_s = 3600`;
  expect((await outcome())?.outcome).toBe("passed");
  await expect(other.sql`update tracksolid.ticket_rules set look_distance_m = 100`).rejects.toThrow("check");
});

it("reads of history the fixes of the vehicle in the ticket's time, by their key", async () => {
  await using other = await createDatabase("migrated");
  const { sql } = other;
  // 50 vehicles, a fix a minute for four days: 288,000.
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, source, sources, received_at)
    select (860000000000000 + v)::text, ${minute(0)}::timestamptz + m * interval '1 minute', -1.3, 36.8 + v * 0.01, 0,
      'poll', 1, ${minute(0)}
    from generate_series(1, 50) v, generate_series(-2880, 2879) m`;
  for (let v = 1; v <= 50; v++) {
    await putTicket(sql, { number: `INC${v}`, imei: String(860_000_000_000_000 + v) });
  }
  await sql`analyze`;
  const explain = async (query: string) => {
    const [row] = await sql.unsafe(`explain (analyze, format json) ${query}`);
    return nodesOf(row?.["QUERY PLAN"][0].Plan);
  };
  for (const [query, tickets] of [
    ["select * from reporting.v_ticket_visits", 50],
    ["select * from reporting.v_ticket_visits where number = 'INC7'", 1],
    ["select * from reporting.fn_ticket_visits('2026-10-06', '2026-10-07', '2026-10-08')", 50],
  ] as const) {
    const nodes = await explain(query);
    const reads = readsOf(nodes, "position_history");
    expect(reads.length, query).toBeGreaterThan(0);
    for (const node of reads) {
      expect(node["Node Type"], query).toMatch(/^Index( Only)? Scan$/);
      expect(node["Index Name"]).toMatch(/position_history_pkey$/);
      expect(node["Index Cond"]).toMatch(/imei = .*gps_time/);
    }
    // Of 5,760 fixes of a vehicle the 61 of the hour, some of them looked at again, and its neighbours in time.
    const rows = reads.reduce(
      (sum, node) =>
        sum +
        ((node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0)) * (node["Actual Loops"] ?? 0),
      0,
    );
    expect(rows / tickets, query).toBeLessThan(200);
  }
});
