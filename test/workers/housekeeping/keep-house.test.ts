import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Misconfigured } from "../../../shared/config.ts";
import { keepHouse } from "../../../workers/housekeeping/keep-house.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { reader } from "../api/caller.ts";
import { addVehicle } from "../api/fleet.ts";
import { collectLines, type Line } from "../lines.ts";
import { database, deliver, messageOf, newImei } from "../writer/deliver.ts";

/** So long ago that nothing of other tests is old. Each test is earlier than the one before, whose rows are young then. */
let now = Date.UTC(2022, 0, 1);
const DAY_MS = 24 * 3_600_000;
const before = (days: number, ms = 0) => new Date(now - days * DAY_MS - ms).toISOString();

let lines: Line[];
let mine: string;
beforeEach(() => {
  now -= 600 * DAY_MS;
  mine = crypto.randomUUID();
  lines = collectLines();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs the job as of now. @returns How many rows it took away. */
async function run(change: object = {}, deadlineMs = Number.POSITIVE_INFINITY): Promise<number> {
  const outcome = emptyOutcome();
  const environment = { ...env, ...change } as Env;
  await keepHouse({ env: environment, runId: mine, startedMs: now, deadlineMs, outcome });
  return outcome.itemsReceived;
}

const said = () => lines.filter(({ event }) => event === "housekeeping");

const addLogRow = (name: string, at: string) => database()`
  insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
  values (${`${mine} ${name}`}, 'test', ${at}, 1, true)`;
const addLogRows = (rows: number, at: string) => database()`
  insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
  select ${mine}::text || n, 'test', ${at}::text::timestamptz - n * interval '1 ms', 1, true
  from generate_series(1, ${rows}::int) n`;
const logRows = async () =>
  (
    await database()`select run_id as id from tracksolid.ingestion_log where starts_with(run_id, ${mine}) order by run_id`
  ).map(({ id }) => (id as string).slice(mine.length + 1));

const addRun = (name: string, plannedAt: string, ended: boolean) => database()`
  insert into private.job_runs (id, job, cause, planned_at, windows, windows_left, vehicles, ended_at)
  values (${`${mine} ${name}`}, ${mine}, 'tick', ${plannedAt}, 1, 0, 1, ${ended ? plannedAt : null})`;

const addHour = (producer: string, at: string) => database()`
  insert into private.receipt_hours values (
    ${producer}, date_trunc('hour', ${at}::text::timestamptz, 'UTC'), 'location', '{[1,2)}', '{[0,1)}', 1, 1, 1, 1, 0, 0, ${at})`;
const hoursOf = async (producer: string) =>
  (await database()`select from private.receipt_hours where producer = ${producer}`).length;
const addRejected = (number: number, at: string) => database()`
  insert into private.rejected_items (producer, sequence, item_number, kind, reason, detail, item, received_at)
  values (${mine}, 1, ${number}, 'location', 'imei_missing', 'test', ${`${mine} ${number}`}, ${at})`;

it("takes away what is older than it need be, to the millisecond, and says how much of what", async () => {
  await addLogRow("old", before(90, 1));
  await addLogRow("young", before(90));
  await addRejected(1, before(90, 1));
  await addRejected(2, before(90));
  await addHour(`${mine} old`, before(401));
  await addHour(`${mine} young`, before(399));
  await addRun("old", before(90, 1), true);
  await addRun("open", before(90, 1), false);
  await addRun("young", before(90), true);
  expect(await run()).toBe(4);
  expect(await database()`select id from private.job_runs where job = ${mine} order by id`).toEqual([
    { id: `${mine} open` },
    { id: `${mine} young` },
  ]);
  expect(await logRows()).toEqual(["young"]);
  expect(await database()`select item_number from private.rejected_items where producer = ${mine}`).toEqual([
    { item_number: 2 },
  ]);
  expect([await hoursOf(`${mine} old`), await hoursOf(`${mine} young`)]).toEqual([0, 1]);
  expect(said()).toEqual([
    {
      ...{ level: "info", event: "housekeeping", ingestion_log: 1, job_runs: 1, receipt_hours: 1 },
      ...{ rejected_items: 1, driver_sightings: 0, canary_runs: 0, audit: 0, unfinished: "" },
    },
  ]);
  expect(await run()).toBe(0);
});

const addFix = (imei: string, at: string) => database()`
  insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
  values (${imei}, ${at}, -1.3, 36.8, 'poll', 1, ${at})`;
const addHeartbeat = (imei: string, at: string) => database()`
  insert into tracksolid.heartbeats (imei, gate_time, hash, raw, received_at) values (${imei}, ${at}, 'x', '{}', ${at})`;
const timesOf = async (imei: string) =>
  (
    await database()`
      select gps_time as at from tracksolid.position_history where imei = ${imei}
      union all select gate_time from tracksolid.heartbeats where imei = ${imei} order by at`
  ).map(({ at }) => (at as Date).toISOString());

it("takes away positions and readings where a time is set for them, by whole days of the fleet", async () => {
  const [imei, other] = [newImei(), newImei()];
  for (const days of [160, 150, 130, 20]) await addFix(imei, before(days));
  await addFix(other, before(140));
  await addVehicle(imei, {});
  const get = await reader();
  const track = (days: number, tag = "") =>
    get(`/v1/vehicles/${imei}/track?from=${before(days, 3_600_000)}&to=${before(days, -3_600_000)}`, {
      headers: { "if-none-match": tag },
    });
  const tagOf = async (days: number) => (await track(days)).headers.get("etag") ?? "";
  const [old, young] = [await tagOf(150), await tagOf(20)];
  await addHeartbeat(imei, before(140));
  expect(await run()).toBe(0);
  expect(await run({ RETAIN_POSITIONS_DAYS: "120" })).toBeGreaterThan(2);
  expect(await timesOf(imei)).toEqual([before(140), before(20)]);
  expect(await timesOf(other)).toEqual([]);
  // Who kept a copy of a way that is gone learns it.
  const gone = await track(150, old);
  expect([gone.status, await gone.json()]).toMatchObject([200, { features: [] }]);
  expect([(await track(20, young)).status, (await track(150, await tagOf(150))).status]).toEqual([304, 304]);
  expect(
    await database()`select day::text from reporting.day_versions where imei in (${imei}, ${other}) order by imei = ${other}, day`,
  ).toEqual([160, 150, 130, 140].map((days) => ({ day: before(days).slice(0, 10) })));
  expect(said().at(-1)).toMatchObject({ position_history: expect.any(Number), unfinished: "" });
  expect(await run({ RETAIN_READINGS_DAYS: "120" })).toBe(1);
  expect(await timesOf(imei)).toEqual([before(20)]);
  expect(await run({ RETAIN_POSITIONS_DAYS: "100", RETAIN_READINGS_DAYS: "100" })).toBe(0);
});

it("lets the ingest take away nothing else", async () => {
  const take = (table: string) =>
    database()`select private.remove_before(${table}::text::regclass, now(), 5)`;
  await expect(take("tracksolid.alarms")).rejects.toThrow("Rows of tracksolid.alarms are kept");
  await expect(database()`delete from tracksolid.position_history where imei = 'x'`).rejects.toThrow(
    "permission denied",
  );
});

it("leaves facts alone, however old they are", async () => {
  const imei = newImei();
  const at = before(3_000);
  const sql = database();
  await sql`
    insert into tracksolid.alarms (imei, canonical_code, alarm_time, fence_id, code, alarm_type, source, sources, raw, received_at)
    values (${imei}, 'jimi:48', ${at}, '', 'jimi:48', '48', 'poll', 1, '{}', ${at})`;
  await sql`
    insert into tracksolid.trips (imei, start_time, end_time, source, raw, received_at)
    values (${imei}, ${at}, ${at}, 'poll', '{}', ${at})`;
  await run();
  expect(await sql`select from tracksolid.alarms where imei = ${imei}`).toHaveLength(1);
  expect(await sql`select from tracksolid.trips where imei = ${imei}`).toHaveLength(1);
});

it("leaves the books of a producer whole until the last of them is old", async () => {
  await addHour(mine, before(410));
  await addHour(mine, before(390));
  expect(await run()).toBe(0);
  expect(await hoursOf(mine)).toBe(2);
  now += 30 * DAY_MS;
  expect(await run()).toBe(2);
  expect(await hoursOf(mine)).toBe(0);
});

it("ends with its time, the oldest rows first, and goes on the next day", async () => {
  await addLogRows(5_002, before(100));
  await addRejected(1, before(91));
  expect(await run({}, 0)).toBe(5_001);
  expect(said()).toMatchObject([{ ingestion_log: 5_000, rejected_items: 1, unfinished: "ingestion_log" }]);
  expect(await logRows()).toEqual(["", ""]);
  expect(await run()).toBe(2);
});

it("goes on in rounds while it has time, and shares the work with another", async () => {
  await addLogRows(12_000, before(100));
  const removed = await Promise.all([run(), run()]);
  expect(removed.reduce((sum, rows) => sum + rows)).toBe(12_000);
  expect(await logRows()).toEqual([]);
});

it("keeps as long as it is told to", async () => {
  await addLogRow("kept", before(100));
  await addRejected(1, before(8));
  await run({ RETAIN_INGESTION_LOG_DAYS: "120", RETAIN_REJECTED_ITEMS_DAYS: "7" });
  expect(await logRows()).toEqual(["kept"]);
  expect(await database()`select from private.rejected_items where producer = ${mine}`).toEqual([]);
});

it("takes nothing away while it does not know for how long to keep it", async () => {
  await addLogRow("kept", before(100));
  await expect(run({ RETAIN_REJECTED_ITEMS_DAYS: "soon" })).rejects.toThrow(Misconfigured);
  expect(await logRows()).toEqual(["kept"]);
});

it("takes away what analysts asked, the oldest first, and cannot change it", async () => {
  const sql = database();
  const addCalls = (calls: number, at: string) => sql`
    insert into private.audit
      (id, asked_at, analyst_id, analyst, tool, arguments, outcome, duration_ms, request_id)
    select gen_random_uuid(), ${at}::text::timestamptz - n * interval '1 ms', ${mine}, 'Jane', 'fleet_now', '{}', 'answered', 1, ''
    from generate_series(0, ${calls - 1}::int) n`;
  const left = async () =>
    (await sql`select asked_at from private.audit where analyst_id = ${mine} order by 1`).map(
      ({ asked_at }) => asked_at.toISOString(),
    );
  await addCalls(5_002, before(400));
  await addCalls(1, before(30));
  expect(await run({}, 0)).toBe(5_000);
  expect(said()).toMatchObject([{ audit: 5_000, unfinished: "audit" }]);
  expect(await left()).toEqual([before(400, 1), before(400), before(30)].toSorted());
  expect(await run()).toBe(1);
  expect(await left()).toEqual([before(400), before(30)]);
  expect(await run({ RETAIN_AUDIT_DAYS: "30" })).toBe(1);
  expect(await left()).toEqual([before(30)]);
  await expect(sql`update private.audit set statement = '' where analyst_id = ${mine}`).rejects.toThrow(
    "permission denied",
  );
});

it("thins namings of drivers without changing what they add up to", async () => {
  const imei = newImei();
  const say = (days: number, driverName: string, driverPhone: string | null) =>
    deliver([messageOf("device_detail", [{ imei, driverName, driverPhone }], { receivedAt: before(days) })]);
  for (let days = 60; days > 50; days--) await say(days, "Juma", days > 55 ? "0700" : "0711");
  for (let days = 50; days > 45; days--) await say(days, "Wanjiku", days === 47 ? "0722" : null);
  for (let days = 45; days > 30; days--) await say(days, "Juma", null);
  const assignments = () =>
    database()`select * from tracksolid.driver_assignments where imei = ${imei} order by valid_from`;
  const sightings = async () =>
    (await database()`select seen_at from private.driver_sightings where imei = ${imei} order by 1`).map(
      ({ seen_at }) => (now - seen_at.getTime()) / DAY_MS,
    );
  const were = await assignments();
  expect(were).toMatchObject([
    { driver_name: "Juma", driver_phone: "0711" },
    { driver_name: "Wanjiku", driver_phone: "0722" },
    { driver_name: "Juma", driver_phone: null },
  ]);
  await run();
  // First and last of each run, and whoever told a phone last; the last weeks whole.
  expect(await sightings()).toEqual([60, 56, 51, 50, 47, 46, 45, 36, 35, 34, 33, 32, 31]);
  await say(20, "Juma", null);
  expect(await assignments()).toEqual(were);
  expect(await run()).toBe(0);
});

it("keeps what says whom to hear, though it says nothing new", async () => {
  const imei = newImei();
  const sql = database();
  const name = (days: number, source: string) => sql`
    insert into private.driver_sightings (imei, seen_at, driver_name, source) values (${imei}, ${before(days)}, 'Juma', ${source})`;
  for (const days of [60, 59, 57, 56, 54, 53]) await name(days, "device_detail");
  await name(58, "own");
  await name(55, "returned");
  await run();
  expect(
    await sql`select source from private.driver_sightings where imei = ${imei} order by seen_at`,
  ).toEqual(["device_detail", "own", "returned", "device_detail"].map((source) => ({ source })));
});
