import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import type { Finding } from "../../workers/alerts/rules.ts";
import { connect, createDatabase, type OwnDatabase } from "../setup/database.ts";
import { PUSH_TOKEN, startStack } from "../setup/harness.ts";
import { startOwnServer } from "../setup/own-server.ts";

const [facts, notMoved] = await Promise.all(
  ["facts", "not-moved"].map((name) => readFile(`workers/alerts/sources/${name}.sql`, "utf8")),
);

let database: OwnDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
  database = await createDatabase("migrated");
  sql = database.sql;
});
afterAll(() => database[Symbol.asyncDispose]());

/** 11:30 in Nairobi on a Thursday. */
const NOW = "2026-01-15T08:30:00Z";

/** But for roles of other tests on the same server. */
const ask = async (statement = facts, ...parameters: string[]): Promise<Finding[]> =>
  (await sql.unsafe<Finding[]>(statement ?? "", [NOW, ...parameters])).filter(
    ({ subject }) => !subject.startsWith("reader_"),
  );
const told = async (rule: string) => (await ask()).filter((one) => one.rule === rule);

let sequence = 0;
const receipt = (items: number, rejected: number, received_at = "2026-01-15T08:00:00Z") => sql`
  insert into private.receipts ${sql({
    ...{ producer: "test", sequence: ++sequence, receipt: "r", source: "push", kind: "pushgps", received_at },
    ...{ items_before: 0, items, rejected, outcomes: "", delivered_at: received_at },
  })}`;

it("tells nothing of a database in which nothing is wrong", async () => {
  expect(await ask()).toEqual([]);
});

it("tells that 1 % of the items of an hour were rejected, but not of a few", async () => {
  await receipt(900, 9);
  await receipt(5_000, 5_000, "2026-01-15T07:29:00Z");
  expect(await told("rejections")).toEqual([]);
  await receipt(100, 1);
  expect(await told("rejections")).toEqual([
    { rule: "rejections", subject: "", text: "10 of 1000 items of the last hour were rejected (1.0 %)" },
  ]);
  await receipt(10, 0);
  expect(await told("rejections")).toEqual([]);
});

it("tells the oldest day that waits, which is another one while the work goes on", async () => {
  const mark = (imei: string, number: number) => sql`
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    values (${imei}, '2026-01-14', ${NOW}, ${NOW}, ${String(number)}::xid8)`;
  await mark("860000000000001", 1_000);
  await mark("860000000000002", 1_001);
  const [first] = await told("recompute_behind");
  expect(first).toMatchObject({ subject: "1000", text: expect.stringContaining("2 days of vehicles wait") });
  await sql`delete from private.dirty_days where imei = '860000000000001'`;
  const [second] = await told("recompute_behind");
  expect(second?.subject).toBe("1001");
  await sql`delete from private.dirty_days`;
});

it("tells what the vendor sends anew: a field, a path, an alarm code; not what a kind began with", async () => {
  const field = (kind: string, name: string, at: string) => sql`
    insert into private.push_fields values (${kind}, ${name}, ${at})`;
  await field("pushgps", "lat", "2026-01-02T00:00:00Z");
  await field("pushgps", "altitude", "2026-01-08T00:00:00Z");
  await field("pushgps", "tyrePressure", "2026-01-15T06:00:00Z");
  await field("pushoil", "oil", "2026-01-15T06:00:00Z");
  await sql`
    insert into tracksolid.device_events (imei, event_time, hash, kind, event_type, path, undated, raw, received_at)
    values ('', '2026-01-15T06:00:00Z', 'a', 'push_other', 'push_other', '/pushnews', true, '{}', ${NOW}),
      ('', '2026-01-15T07:00:00Z', 'b', 'push_other', 'push_other', '/pushnews', true, '{}', ${NOW}),
      ('', '2026-01-13T07:00:00Z', 'c', 'push_other', 'push_other', '/pushold', true, '{}', ${NOW})`;
  const alarm = (code: string, at: string) => sql`
    insert into tracksolid.alarms (imei, canonical_code, alarm_time, code, alarm_type, source, sources, raw, received_at)
    values ('860000000000001', ${code}, ${at}, ${code}, ${code}, 'push', 2, '{}', ${NOW})`;
  await alarm("jimi:99999", "2026-01-15T06:00:00Z");
  await alarm("jimi:99998", "2026-01-13T06:00:00Z");
  await alarm("jimi:1", "2026-01-15T06:00:00Z");
  expect((await told("unknown_pushes")).map(({ subject, text }) => [subject, text])).toEqual([
    ["pushgps.tyrePressure", 'pushgps has a new field "tyrePressure"'],
    ["path /pushnews", "2 pushes came to /pushnews, which is no path of the vendor's list"],
    ["alarm jimi:99999", "alarms have the code jimi:99999, which no list has"],
  ]);
});

it("tells when a role or the server has no connection left", async () => {
  await using server = await startOwnServer();
  await server.sql`create database fleet`;
  await using own = connect(server.adminUrl("fleet"));
  await migrate(own, await readMigrations("migrations"));
  await own`create role crowded login password 'x' connection limit 1`;
  const asked = async () =>
    (await own.unsafe<Finding[]>(facts ?? "", [NOW])).filter(({ rule }) => rule === "connections");
  expect(await asked()).toEqual([]);
  const url = new URL(server.adminUrl("fleet"));
  Object.assign(url, { username: "crowded", password: "x" });
  await using client = connect(url.href);
  await client`select 1`;
  expect(await asked()).toEqual([
    { rule: "connections", subject: "crowded", text: "crowded has 1 of its 1 connections" },
  ]);
});

describe("vehicles that have not moved", () => {
  const vehicle = (imei: string, change: object = {}) => sql`
    insert into tracksolid.devices ${sql({
      ...{ imei, plate: imei.slice(-3), facts_at: NOW, created_at: NOW, changed_at: NOW, ...change },
    })}`;
  const moved = (imei: string, day: string) => sql`
    insert into reporting.vehicle_day ${sql({
      ...{
        imei,
        day,
        moving_s: 60,
        idling_s: 0,
        parked_s: 0,
        unknown_s: 0,
        odometer_breaks: 0,
        trips: 0,
        fixes: 2,
      },
      ...{ alarms: 0, speeding_events: 0, harsh_events: 0, first_moving_at: `${day}T06:00:00Z` },
    })}`;
  const standing = async (at: string, by = "09:00") =>
    (await sql.unsafe<Finding[]>(notMoved ?? "", [at, by])).map(({ text }) => text);

  it("are those of a working day, once their shift and the hour have begun, that maps show", async () => {
    const shift = { shift: "late" };
    await sql`
      insert into tracksolid.shifts (shift, weekday, starts_at, ends_at)
      select 'late', weekday, '13:00', '20:00' from unnest(array[4, 6]) weekday`;
    await vehicle("860000000000101");
    await vehicle("860000000000102");
    await vehicle("860000000000103", shift);
    await vehicle("860000000000104", { enabled: false });
    await vehicle("860000000000105", { hidden_on_map: true });
    await vehicle("860000000000106", { kind: "canary" });
    await moved("860000000000102", "2026-01-15");
    await moved("860000000000101", "2026-01-14");
    expect(await standing("2026-01-15T05:59:59Z")).toEqual([]);
    expect(await standing("2026-01-15T06:00:00Z")).toEqual(["101"]);
    // 15 minutes of grace after one o'clock.
    expect(await standing("2026-01-15T10:14:59Z")).toEqual(["101"]);
    expect(await standing("2026-01-15T10:15:00Z")).toEqual(["101", "103"]);
    // A Saturday, on which only the shift works.
    expect(await standing("2026-01-17T12:00:00Z")).toEqual(["103"]);
    expect(await standing("2026-01-15T20:59:59Z", "23:59")).toEqual(["101", "103"]);
    const [one] = await sql.unsafe<Finding[]>(notMoved ?? "", ["2026-01-15T06:00:00Z", "09:00"]);
    expect(one).toEqual({ rule: "not_moved", subject: "860000000000101 2026-01-15", text: "101" });
  });
});

it("looks into the queue, R2 and the vendor's session as well, and notes what pushes bring", async () => {
  await using stack = await startStack({ world: { vehicles: 1 }, vars: { ALERT_BACKUPS: "on" } });
  const { BUCKET } = await stack.bindings();
  const keep = (folder: string) =>
    BUCKET.put(`${folder}2026/01/15/08/019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55.ndjson.gz`, "x", {
      customMetadata: { reason: "refused", messages: "2", items: "7" },
    });
  await keep("dead/");
  const authorization = `Bearer ${await stack.makeKey(["admin"])}`;
  const standing = async () => {
    expect(await stack.tick("*/5 * * * *")).toBe("ok");
    const response = await stack.fetch("/v1/alerts", { headers: { authorization } });
    const { alerts } = (await response.json()) as { alerts: { rule: string; text: string }[] };
    return alerts.map(({ rule, text }) => `${rule}: ${text}`).sort();
  };
  expect(await standing()).toEqual([
    "backup_missing: nothing is under backup/manifests/ in R2",
    expect.stringMatching(/^dead_letters: 2 under dead\/, the oldest since 20/),
  ]);
  await stack.fetch("/pushgps", {
    method: "POST",
    body: JSON.stringify({
      token: PUSH_TOKEN,
      data_list: [{ deviceImei: "862000000000097", gpsTime: "2026-01-15 08:30:00", lat: -1.28, lng: 36.81 }],
    }),
  });
  await expect
    .poll(async () =>
      (await stack.sql`select field from private.push_fields order by 1`).map(({ field }) => field),
    )
    .toEqual(["deviceImei", "gpsTime", "lat", "lng"]);
});
