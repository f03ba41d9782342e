import type postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { localRoleUrls } from "../../../scripts/database/roles.ts";
import { adoptCommand } from "../../../scripts/db-adopt.ts";
import { callCommand } from "../../setup/command.ts";
import type { OwnDatabase } from "../../setup/database.ts";
import { connect } from "../../setup/database.ts";
import { oldDatabase } from "../../setup/earlier/database.ts";
import { OLD_STATEMENTS } from "../../setup/earlier/statements.ts";
import { GEOMETRY } from "./variants.ts";

const IMEI = "860000000000011";

let database: OwnDatabase;
/** As the earlier system. */
let old: postgres.Sql;
/** As the Worker. */
let ours: postgres.Sql;
beforeAll(async () => {
  database = await oldDatabase({
    variant: `
      create view tracksolid.token_shown as select access_token from tracksolid.api_token_cache;
      grant select on tracksolid.token_shown to grafana_ro;
      grant select (access_token) on tracksolid.api_token_cache to dashboard_app;
      create table tracksolid.app_users (name text, password_hash text);`,
  });
  old = database.sql;
  const { code, stderr } = await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: database.url });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  ours = connect(localRoleUrls(database.url).ingest);
});
afterAll(async () => {
  await ours.end();
  await database[Symbol.asyncDispose]();
});

const say = (table: keyof typeof OLD_STATEMENTS, ...values: postgres.ParameterOrJSON<never>[]) =>
  old.unsafe(OLD_STATEMENTS[table], values);

it("has filled what it wrote long ago", async () => {
  const [left] = await old`
    select
      (select count(*)::int from tracksolid.position_history where speed_kmh is distinct from speed::real or ignition is null) as fixes,
      (select count(*)::int from tracksolid.trips where received_at is null or source is null or start_cell is null) as trips,
      (select count(*)::int from tracksolid.parking_events where reported_until is null or acc <> 'off' or cell is null) as stays,
      (select count(*)::int from tracksolid.alarms where canonical_code is null or code is null) as alarms,
      (select count(*)::int from tracksolid.obd_readings where reading_time is null or hash is null) as readings,
      (select count(*)::int from tracksolid.ingestion_log where run_id is null) as runs`;
  expect(left).toEqual({ fixes: 0, trips: 0, stays: 0, alarms: 0, readings: 0, runs: 0 });
  // 31 days of three vehicles; the last ends as the next day begins.
  const [days] = await old`select count(*)::int as count from private.dirty_days`;
  expect(days?.count).toBe(93);
});

it("takes an alarm that was stored twice for one, and loses neither", async () => {
  const [alarms] = await old`
    select count(*)::int as kept, (select count(*)::int from private.adopted_doubles) as moved,
      min(code) as first, max(code) as last from tracksolid.alarms`;
  expect(alarms).toEqual({ kept: 930, moved: 930, first: "jimi:1", last: "jimi:48" });
});

it("never divides kilometres again, and keeps the words of source", async () => {
  expect(await old`select distinct distance_km::float8 as km from tracksolid.trips`).toEqual([
    { km: 42.123 },
  ]);
  const sources = await old`select distinct source from tracksolid.position_history order by 1`;
  expect(sources).toEqual([{ source: "poll" }, { source: "track_list" }]);
});

it("lets the earlier system say all it says, each of it twice", async () => {
  for (let times = 0; times < 2; times += 1) {
    await say("devices", IMEI, "KDA 011A", "JC400P", "fireside", "KDA 011B", "A. Driver", 1);
    await say(
      "live_positions",
      IMEI,
      -1.3,
      36.9,
      51.5,
      180,
      "2026-08-01T09:00:00Z",
      "2026-08-01T09:01:00Z",
      1,
      "GPS",
    );
    await say("position_history", IMEI, "2026-08-01T09:00:00Z", -1.3, 36.9, 51.5, 180, 1, "track_list");
    await say(
      "trips",
      IMEI,
      "2026-08-01T08:00:00Z",
      "2026-08-01T09:00:00Z",
      31.5,
      3_400,
      40,
      80,
      -1.2,
      36.8,
      -1.3,
      36.9,
    );
    await say("parking_events", IMEI, "2026-08-01T09:00:00Z", null, 60, -1.3, 36.9, "Here");
    await say("alarms", IMEI, "48", "As sent", "2026-08-01T08:30:00Z", -1.2, 36.8, 30);
    await say("obd_readings", IMEI, `2026-08-01T08:0${times}:00Z`, 1_900, 40, { rpm: 1900 });
    await say("device_events", IMEI, `2026-08-01T08:0${times}:00Z`, "login", { a: 1 });
    const [run] = await say("ingestion_log", "live", 3, 1, 200, true, null);
    expect(Number(run?.id)).toBeGreaterThan(0);
    await say("api_token_cache", "fireside", `token-${times}`, "refresh", "2026-08-01T10:00:00Z");
  }
  const [device] =
    await old`select plate, model, driver_name, vendor_enabled, enabled from tracksolid.devices where imei = ${IMEI}`;
  expect(device).toEqual({
    plate: "KDA 011B",
    model: "JC400P",
    driver_name: "A. Driver",
    vendor_enabled: true,
    enabled: true,
  });
  const [live] = await old`
    select fix_at = gps_time as fix, contact_at = hb_time as contact, speed_kmh, heading_deg, ignition from tracksolid.live_positions where imei = ${IMEI}`;
  expect(live).toEqual({ fix: true, contact: true, speed_kmh: 51.5, heading_deg: 180, ignition: true });
  const [fix] = await old`
    select speed_kmh, ignition, sources, received_at is not null as received from tracksolid.position_history
    where imei = ${IMEI} and gps_time = '2026-08-01T09:00:00Z'`;
  expect(fix).toEqual({ speed_kmh: 51.5, ignition: true, sources: 4, received: true });
  const alarms = await old`
    select canonical_code, sources, speed_kmh from tracksolid.alarms where imei = ${IMEI} and alarm_time = '2026-08-01T08:30:00Z'`;
  expect(alarms).toEqual([{ canonical_code: "jimi:48", sources: 1, speed_kmh: 30 }]);
  // Each once: what was there already, as all of it the second time, concerns nothing.
  const noted = await old`
    select count(*)::int as count from private.changed_elsewhere where imei = ${IMEI} and from_time = '2026-08-01T09:00Z'`;
  expect(noted).toEqual([{ count: 2 }]);
});

it("shows the earlier system what we write, under its own names", async () => {
  await ours`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, heading_deg, ignition, clock_ahead, source, sources, received_at)
    values (${IMEI}, '2026-08-01T10:00:00Z', -1.31, 36.91, 12.5, 270, true, false, 'push', 2, now())`;
  await ours`
    update tracksolid.live_positions set fix_at = '2026-08-01T10:00:00Z', lat = -1.31, lng = 36.91, speed_kmh = 12.5, heading_deg = 270
    where imei = ${IMEI}`;
  await ours`update tracksolid.devices set plate = 'KDA 011C' where imei = ${IMEI}`;
  const [fix] =
    await old`select speed, direction, acc_status from tracksolid.position_history where imei = ${IMEI} and gps_time = '2026-08-01T10:00:00Z'`;
  expect(fix).toEqual({ speed: "12.50", direction: 270, acc_status: 1 });
  const [live] = await old`select lat, speed, gps_time from tracksolid.live_positions where imei = ${IMEI}`;
  expect(live).toEqual({ lat: -1.31, speed: "12.50", gps_time: new Date("2026-08-01T10:00:00Z") });
  expect(await old`select vehicle_number from tracksolid.devices where imei = ${IMEI}`).toEqual([
    { vehicle_number: "KDA 011C" },
  ]);
  expect(await old`select lat from tracksolid.v_fleet_today where imei = ${IMEI}`).toEqual([{ lat: -1.31 }]);
});

it("does not let the earlier system's older fix go before ours", async () => {
  await say(
    "live_positions",
    IMEI,
    -1.5,
    36.5,
    5,
    10,
    "2026-08-01T09:30:00Z",
    "2026-08-01T10:30:00Z",
    0,
    "GPS",
  );
  const [live] = await old`
    select fix_at, gps_time, lat, speed_kmh, contact_at, ignition from tracksolid.live_positions where imei = ${IMEI}`;
  const at = new Date("2026-08-01T10:00:00Z");
  expect(live).toEqual({
    ...{ fix_at: at, gps_time: at, lat: -1.31, speed_kmh: 12.5 },
    ...{ contact_at: new Date("2026-08-01T10:30:00Z"), ignition: false },
  });
});

it("keeps a wrong clock of theirs out of what is now, and out of what is the newest", async () => {
  await say("live_positions", IMEI, -9, 30, 5, 10, "2035-01-01T00:00:00Z", "2026-08-01T10:40:00Z", 0, "GPS");
  await say("position_history", IMEI, "2035-01-01T00:00:00Z", -9, 30, 5, 10, 0, "poll");
  await say("live_positions", "860000000000019", -9, 30, 5, 10, "2035-01-01T00:00:00Z", null, 0, "GPS");
  await say("live_positions", "860000000000019", -1.4, 36.7, 5, 10, "2026-08-01T09:00:00Z", null, 0, "GPS");
  const rows = await old`
    select imei, fix_at, lat, gps_time from tracksolid.live_positions
    where imei in (${IMEI}, '860000000000019') order by imei`;
  const [ten, nine] = [new Date("2026-08-01T10:00:00Z"), new Date("2026-08-01T09:00:00Z")];
  expect(rows).toEqual([
    { imei: IMEI, fix_at: ten, lat: -1.31, gps_time: ten },
    { imei: "860000000000019", fix_at: nine, lat: -1.4, gps_time: nine },
  ]);
  const ahead = await old`select clock_ahead from tracksolid.position_history where gps_time > '2030-01-01'`;
  expect(ahead).toEqual([{ clock_ahead: true }]);
});

it("does not let their older contact, or none, go before ours", async () => {
  await say("live_positions", IMEI, -1.3, 36.9, 5, 10, "2026-08-01T10:30:00Z", null, 0, "GPS");
  await say(
    "live_positions",
    IMEI,
    -1.3,
    36.9,
    5,
    10,
    "2026-08-01T10:31:00Z",
    "2026-08-01T08:00:00Z",
    1,
    "GPS",
  );
  const [row] =
    await old`select contact_at, hb_time, ignition from tracksolid.live_positions where imei = ${IMEI}`;
  const at = new Date("2026-08-01T10:40:00Z");
  expect(row).toEqual({ contact_at: at, hb_time: at, ignition: false });
});

it("notes each of a thousand of their rows once, in one statement and in the same again", async () => {
  await old`delete from private.changed_elsewhere`;
  for (let times = 0; times < 2; times += 1) {
    await old`
      insert into tracksolid.position_history (imei, gps_time, lat, lng, speed)
      select ${IMEI}, '2026-08-03T00:00Z'::timestamptz + make_interval(secs => n), -1.3, 36.8, 40 from generate_series(1, 1000) n
      on conflict (imei, gps_time) do nothing`;
  }
  expect(await old`select count(*)::int as count from private.changed_elsewhere`).toEqual([{ count: 1_000 }]);
});

it("has their upserts do what they did, and notes what they delete", async () => {
  const stay = (end: string | null, s: number) =>
    say("parking_events", IMEI, "2026-08-04T09:00:00Z", end, s, -1.3, 36.9, "Here");
  await stay(null, 60);
  await stay("2026-08-04T10:00:00Z", 3_600);
  const at = new Date("2026-08-04T10:00:00Z");
  expect(
    await old`select end_time, duration_s from tracksolid.parking_events where start_time = '2026-08-04T09:00Z'`,
  ).toEqual([{ end_time: at, duration_s: 3_600 }]);
  await old`delete from private.changed_elsewhere`;
  await old`delete from tracksolid.parking_events where start_time = '2026-08-04T09:00Z'`;
  expect(await old`select from_time, to_time from private.changed_elsewhere`).toEqual([
    { from_time: new Date("2026-08-04T09:00:00Z"), to_time: at },
  ]);
});

it("does not bring back a trip of theirs that ours took the place of", async () => {
  await ours`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km, filled, source, raw, received_at)
    values (${IMEI}, '2026-08-05T09:00:00Z', '2026-08-05T11:00:00Z', 20, 0, 'poll', '{}', now())`;
  await say(
    "trips",
    ...[IMEI, "2026-08-05T09:30:00Z", "2026-08-05T10:30:00Z", 10, 3_400, 40, 80, -1.2, 36.8, -1.3, 36.9],
  );
  const trips =
    await old`select distance_km::float8 as km from tracksolid.trips where start_time >= '2026-08-05'`;
  expect(trips).toEqual([{ km: 20 }]);
});

it("leaves numbers out that the other cannot hold, and refuses no row for them", async () => {
  await ours`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, clock_ahead, source, sources, received_at)
    values (${IMEI}, '2026-08-06T10:00:00Z', -1.31, 36.91, 12345, false, 'push', 2, now())`;
  await say("position_history", IMEI, "2026-08-06T11:00:00Z", -1.3, 36.9, 51.5, 40_000, 1, "poll");
  const rows = await old`
    select speed, speed_kmh, direction, heading_deg from tracksolid.position_history
    where imei = ${IMEI} and gps_time between '2026-08-06' and '2026-08-07' order by gps_time`;
  expect(rows).toEqual([
    { speed: null, speed_kmh: 12_345, direction: null, heading_deg: null },
    { speed: "51.50", speed_kmh: 51.5, direction: 40_000, heading_deg: null },
  ]);
});

it("stores an alarm once that both are told of, whoever comes first, whatever they call it", async () => {
  const insert = ours`
    insert into tracksolid.alarms (imei, canonical_code, fence_id, alarm_time, code, alarm_type, source, sources, raw, received_at)
    values (${IMEI}, 'jimi:48', '', '2026-08-01T11:00:00Z', 'word:other', 'other', 'push', 2, '{}', now())`;
  await insert;
  await say("alarms", IMEI, "48", "As polled", "2026-08-01T11:00:00Z", -1.2, 36.8, 30);
  const rows =
    await old`select alarm_type, source from tracksolid.alarms where imei = ${IMEI} and alarm_time = '2026-08-01T11:00:00Z'`;
  expect(rows).toEqual([{ alarm_type: "other", source: "push" }]);
});

it("stores an alarm of a fence once, whoever comes first, and those of two fences twice", async () => {
  const told = (name: string, fence: string, at: string) => ours`
    insert into tracksolid.alarms (imei, canonical_code, fence_id, alarm_time, code, alarm_type, alarm_name, source, sources, raw, received_at)
    values (${IMEI}, 'word:in', ${fence}, ${at}, 'word:in', 'in', ${name}, 'poll', 1, '{}', now())
    on conflict (imei, canonical_code, fence_id, alarm_time) do update set sources = alarms.sources | excluded.sources`;
  const polled = (name: string, at: string) => say("alarms", IMEI, "in", name, at, -1.2, 36.8, 30);
  const [first, second] = ["2026-08-01T12:00:00Z", "2026-08-01T13:00:00Z"];
  await told("Depot 1", "f1", first);
  await polled("Depot 1", first);
  await polled("Depot 2", first);
  await polled("Depot 1", second);
  await told("Depot 1", "f1", second);
  await told("Depot 2", "f2", second);
  const rows = await old`
    select alarm_name, fence_id, alarm_time from tracksolid.alarms
    where imei = ${IMEI} and alarm_type = 'in' order by alarm_time, alarm_name`;
  expect(rows).toEqual([
    { alarm_name: "Depot 1", fence_id: "f1", alarm_time: new Date(first) },
    { alarm_name: "Depot 2", fence_id: "Depot 2", alarm_time: new Date(first) },
    { alarm_name: "Depot 1", fence_id: "Depot 1", alarm_time: new Date(second) },
    { alarm_name: "Depot 2", fence_id: "f2", alarm_time: new Date(second) },
  ]);
});

it("leaves alone what is nobody's business here", async () => {
  const owners = await old`
    select n.nspname || '.' || c.relname as name, pg_get_userbyid(c.relowner) as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('tickets', 'fuel', 'infrastructure') and c.relkind = 'r' order by 1`;
  expect(owners.map(({ name }) => name)).toEqual(["fuel.fills", "infrastructure.sites", "tickets.incidents"]);
  expect(owners.some(({ owner }) => owner === "tracksolid_owner")).toBe(false);
  expect(await old`select depot from tracksolid.devices where imei = ${IMEI}`).toEqual([
    { depot: "Industrial Area" },
  ]);
  expect(await old`select obj_description('tracksolid.v_fleet_today'::regclass) as words`).toEqual([
    { words: "As the dashboards know it." },
  ]);
});

it("keeps the trips as a materialized view that its owner refreshes, and has ours beside it", async () => {
  await old.begin(async (tx) => {
    await tx`set local role reporting_refresher`;
    await tx`refresh materialized view reporting.v_trips`;
  });
  expect(await old`select count(*)::int as count from reporting.v_trips`).toEqual([{ count: 467 }]);
  expect(await ours`select count(*)::int as count from reporting.v_trips_ours`).not.toEqual([{ count: 0 }]);
});

it("goes on for writers and functions that are no superuser's", async () => {
  await using other = await oldDatabase({
    variant: `
      do $$ begin create role earlier_app login password 'x'; exception when duplicate_object or unique_violation then null; end $$;
      alter schema tracksolid owner to earlier_app;
      grant usage on schema reporting to earlier_app;
      do $$ declare t text; begin
        for t in select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'tracksolid' loop
          execute format('alter table %s owner to earlier_app', t);
        end loop;
      end $$;
      alter view tracksolid.v_fleet_today owner to earlier_app;
      create function reporting.refresh_trips() returns void language sql security definer as
        'refresh materialized view reporting.v_trips';
      alter function reporting.refresh_trips() owner to reporting_refresher;`,
  });
  const { stderr } = await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: other.url });
  expect(stderr).toBe("");
  const url = Object.assign(new URL(other.url), { username: "earlier_app", password: "x" }).href;
  await using app = connect(url);
  await app.unsafe(OLD_STATEMENTS.trips, [
    IMEI,
    "2026-08-01T08:00Z",
    "2026-08-01T09:00Z",
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
  ]);
  await app.unsafe(OLD_STATEMENTS.ingestion_log, ["live", 1, 1, 1, true, null]);
  expect(await app`select count(*)::int as count from tracksolid.v_fleet_today`).toEqual([{ count: 3 }]);
  await app`select reporting.refresh_trips()`;
});

it("lets nobody read the vendor's token who only reads", async () => {
  const { read } = localRoleUrls(database.url);
  await using reader = connect(read);
  await expect(reader`select from tracksolid.api_token_cache`).rejects.toMatchObject({ code: "42501" });
  await expect(reader`select from tracksolid.token_shown`).rejects.toMatchObject({ code: "42501" });
  const grants = await old`
    select pg_get_userbyid(a.grantee) as reader from pg_class c, aclexplode(c.relacl) a
    where c.oid = 'tracksolid.api_token_cache'::regclass and a.grantee <> c.relowner`;
  expect(grants).toEqual([]);
  const [left] = await old`
    select has_column_privilege('dashboard_app', 'tracksolid.api_token_cache', 'access_token', 'select') as columns,
      has_table_privilege('grafana_ro', 'tracksolid.token_shown', 'select') as shown,
      has_table_privilege('analytics_ro', 'tracksolid.app_users', 'select') as users,
      has_table_privilege('backup_ro', 'private.shared_token', 'select') as dumped`;
  expect(left).toEqual({ columns: false, shown: false, users: false, dumped: false });
  await ours`update private.shared_token set access_token = 'ours' where account = 'fireside'`;
  expect(await old`select access_token from tracksolid.api_token_cache`).toEqual([{ access_token: "ours" }]);
});

it("fills geometry for our rows, too, and leaves that of theirs", async () => {
  await using other = await oldDatabase({ variant: GEOMETRY });
  await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: other.url });
  await using writer = connect(localRoleUrls(other.url).ingest);
  await writer`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, clock_ahead, source, sources, received_at)
    values (${IMEI}, '2026-08-01T10:00:00Z', -1.31, 36.91, false, 'push', 2, now())`;
  await writer`
    insert into tracksolid.trips (imei, start_time, end_time, start_lat, start_lng, end_lat, end_lng, filled, source, raw, received_at)
    values (${IMEI}, '2026-08-01T09:00:00Z', '2026-08-01T10:00:00Z', -1.2, 36.8, -1.31, 36.91, 0, 'poll', '{}', now())`;
  await other.sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, geom)
    values (${IMEI}, '2026-08-01T11:00:00Z', -1.4, 36.9, st_setsrid(st_makepoint(36.9, -1.4), 4326))`;
  const places = await other.sql`
    select st_x(geom) as lng, st_y(geom) as lat from tracksolid.position_history where gps_time > '2026-08-01' order by gps_time`;
  expect(places).toEqual([
    { lng: 36.91, lat: -1.31 },
    { lng: 36.9, lat: -1.4 },
  ]);
  const [trip] = await other.sql`
    select st_y(start_geom) as start_lat, st_y(end_geom) as end_lat, way from tracksolid.trips where start_time > '2026-08-01'`;
  expect(trip).toEqual({ start_lat: -1.2, end_lat: -1.31, way: null });
});

it("hides the class of vehicles that the maps left out", async () => {
  expect(await old`select imei from tracksolid.devices where hidden_on_map`).toEqual([
    { imei: "860000000000012" },
  ]);
});
