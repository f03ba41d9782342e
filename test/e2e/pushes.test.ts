import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PUSH_TOKEN, type Stack, startStack } from "../setup/harness.ts";
import type { PushTruth } from "../setup/world.ts";

/** Half an hour of a fleet, in five parts, each in another envelope. */
const PART_S = 360;

let stack: Stack;
let truth: PushTruth;
let itemsSent = 0;
let itemsBroken = 0;

/** Rows of a query, with instants as ISO text. */
async function rows(query: string): Promise<Record<string, unknown>[]> {
  const found = await stack.sql.unsafe(query);
  return found.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
    ),
  );
}

const sums = async () => (await rows("select * from private.receipts where source = 'push'")) as never[];

beforeAll(async () => {
  stack = await startStack({ world: { vehicles: 40, seed: 91 } });
  const [first, second, third] = await stack.world.vehicles();
  await stack.world.override(first?.imei ?? "", { clockOffsetS: 169_200 });
  await stack.world.override(second?.imei ?? "", { clockOffsetS: -213_000_000 });
  expect(third).toBeDefined();
  const startS = Math.floor(Date.now() / 1000) - 5 * PART_S;
  for (const [part, envelope] of (["E1", "E2", "E3", "E4", "E5"] as const).entries()) {
    const report = await stack.world.push({
      url: stack.url,
      token: PUSH_TOKEN,
      fromS: startS + part * PART_S,
      toS: startS + (part + 1) * PART_S,
      envelope,
      duplicates: 0.2,
      broken: 0.1,
      mixedCase: part % 2 === 1,
      retrySpacingMs: 100,
      // The Open API pushes to the base itself, where a local Worker has its map: there the token leads the way.
      tokenIn: envelope === "E1" || envelope === "E5" ? "path" : "body",
    });
    expect(report.total.lost - (report.paths["jimi.push.device.alarm"]?.lost ?? 0)).toBe(0);
    itemsSent += report.total.items;
    itemsBroken += report.total.broken;
  }
  truth = await stack.world.pushTruth();
  let seen = -1;
  await vi.waitFor(
    async () => {
      const ready = await stack.fetch("/health/ready");
      const { backlog } = (await ready.json()) as { backlog: { messages: number } };
      const before = seen;
      seen = Number((await rows("select coalesce(sum(items), 0) as items from private.receipts"))[0]?.items);
      expect([backlog.messages, seen]).toEqual([0, before]);
    },
    { timeout: 30_000, interval: 2_000 },
  );
});
afterAll(() => stack?.[Symbol.asyncDispose]());

/** Facts whose device has the right time, by that time and the device. */
const dated = (facts: Record<string, unknown>[], time: string) =>
  facts
    .filter(({ clockOffsetS }) => !clockOffsetS)
    .map((fact) => `${fact.imei} ${fact[time]}`)
    .sort();

describe("half an hour of everything that Tracksolid pushes", () => {
  it("becomes a row for each fix, with its values", async () => {
    const stored = await rows(
      `select imei, gps_time, lat, lng, speed_kmh, heading_deg, ignition, retransmitted, odometer_km, source
       from tracksolid.position_history where not clock_ahead`,
    );
    const fixes = truth.gps.filter(({ clockOffsetS }) => !clockOffsetS);
    expect(fixes.length).toBeGreaterThan(200);
    const byKey = new Map(stored.map((row) => [`${row.imei} ${row.gps_time}`, row]));
    for (const fix of fixes) {
      expect(byKey.get(`${fix.imei} ${fix.gpsTime}`), String(fix.gpsTime)).toMatchObject({
        lat: fix.lat,
        lng: fix.lng,
        speed_kmh: fix.speedKmh,
        heading_deg: fix.headingDeg,
        ignition: fix.ignition,
        retransmitted: fix.late,
        odometer_km: Number(fix.odometerM) / 1000,
        source: "push",
      });
    }
    const tags = dated(truth.tags, "gpsTime");
    expect(stored).toHaveLength(new Set([...dated(truth.gps, "gpsTime"), ...tags]).size);
  });

  it.each([
    ["heartbeats", "gateTime", "select imei, gate_time as at from tracksolid.heartbeats"],
    [
      "events",
      "gateTime",
      "select imei, event_time as at from tracksolid.device_events where kind = 'pushevent' and not undated",
    ],
    ["trips", "startTime", "select imei, start_time as at from tracksolid.trips"],
    ["obd", "gateTime", "select imei, reading_time as at from tracksolid.obd_readings where not undated"],
    ["oil", "gateTime", "select imei, reading_time as at from tracksolid.fuel_readings where not undated"],
    [
      "temperatures",
      "gateTime",
      "select imei, reading_time as at from tracksolid.temperature_readings where not undated",
    ],
  ] as const)("becomes a row for each of the %s", async (list, time, query) => {
    const stored = (await rows(query)).map(({ imei, at }) => `${imei} ${at}`).sort();
    const wrongClock = new Set(
      truth[list].filter(({ clockOffsetS }) => clockOffsetS).map(({ imei }) => imei as string),
    );
    const expected = dated(truth[list], time);
    expect(stored.filter((key) => !wrongClock.has(key.split(" ")[0] ?? ""))).toEqual(expected);
  });

  it("becomes an alarm for each that was told, however often and under whatever code", async () => {
    const stored = new Set(
      (await rows("select imei, alarm_time from tracksolid.alarms")).map(
        ({ imei, alarm_time }) => `${imei} ${alarm_time}`,
      ),
    );
    const told = truth.alarms.filter(({ clockOffsetS, ended }) => !clockOffsetS && !ended);
    expect(told.length).toBeGreaterThan(0);
    for (const { imei, alarmTime } of told) expect(stored).toContain(`${imei} ${alarmTime}`);
  });

  it("registers every device that nobody has listed yet", async () => {
    const registered = await rows("select imei, registered_by from tracksolid.devices");
    const told = new Set(truth.heartbeats.map(({ imei }) => imei));
    for (const imei of told) expect(registered).toContainEqual({ imei, registered_by: "push" });
  });

  it("keeps a clock that is ahead out of the live position, and one of 2019 out of everything", async () => {
    const offsets = await rows(
      `select imei, bool_or(clock_ahead) as ahead, count(*)::int from tracksolid.position_history group by imei`,
    );
    const [ahead, lost] = (await stack.world.vehicles()).map(({ imei }) => imei);
    expect(offsets.find(({ imei }) => imei === ahead)?.ahead).not.toBe(false);
    expect(offsets.find(({ imei }) => imei === lost)).toBeUndefined();
    const future = await rows(
      "select from tracksolid.live_positions where fix_at > now() + interval '10 minutes'",
    );
    expect(future).toEqual([]);
  });

  it("accounts for every item: written, duplicate or rejected", async () => {
    const receipts = await sums();
    const total = { items: 0, written: 0, duplicate: 0, rejected: 0 };
    for (const receipt of receipts as (typeof total)[]) {
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += receipt[name];
    }
    expect(total.written + total.duplicate + total.rejected).toBe(total.items);
    expect(total.items).toBeGreaterThanOrEqual(itemsSent);
    expect(total.rejected).toBeGreaterThanOrEqual(itemsBroken * 0.9);
    expect(total.duplicate).toBeGreaterThan(0);
  });

  it("shows on the map where the vehicles are", async () => {
    const features = await stack.live();
    const newest = new Map<unknown, Record<string, unknown>>();
    for (const fix of truth.gps.filter(({ clockOffsetS }) => !clockOffsetS)) {
      const known = newest.get(fix.imei);
      if (!known || String(fix.gpsTime) > String(known.gpsTime)) newest.set(fix.imei, fix);
    }
    for (const [imei, { lng, lat }] of newest) {
      expect(features.find(({ id }) => id === imei)?.geometry?.coordinates).toEqual([lng, lat]);
    }
  });
});

it("meets what is polled of the same moment in one row", async () => {
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
  const [both] = await rows("select count(*)::int from tracksolid.position_history where sources = 3");
  expect(both?.count).toBeGreaterThan(0);
});

it("is verified by the vendor's portal", async () => {
  for (const { status, body, method } of await stack.world.verifyPushes(`${stack.url}/pushgps`)) {
    expect([method, status]).toEqual([method, 200]);
    if (method !== "HEAD") expect(JSON.parse(body)).toEqual({ code: 0, msg: "success" });
  }
});

it("lets nobody push without the token", async () => {
  const report = await stack.world.push({
    url: stack.url,
    token: "not-the-right-token-1",
    kinds: ["pushhb"],
    retrySpacingMs: 10,
    lastS: 600,
  });
  expect(report.total.accepted).toBe(0);
  expect(report.total.lost).toBe(report.total.items);
});
