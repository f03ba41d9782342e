import { expect, it } from "vitest";
import { type Received, startCustomer } from "../setup/customer.ts";
import { PUSH_TOKEN, type Stack, startStack } from "../setup/harness.ts";
import { pastHours, register, written } from "../setup/history.ts";

const TICK = "*/30 * * * *";
const METHODS = ["jimi.device.obd.list", "jimi.device.obd.fault"];
const HOUR_S = 3_600;

/** Enough vehicles that some have an engine that tells of itself, and so much that they have pages. */
const world = { vehicles: 34, seed: 4 };
const push = { kinds: ["pushobd", "pushfaultinfo"], itemsPerBody: 1_000 };

const calls = async ({ world }: Stack) =>
  (await Promise.all(METHODS.map((method) => world.calls(method)))).flat().length;

/** Registers the vehicles. The same tick asks for tracks: of these there is nothing left to ask. */
async function begin(stack: Stack): Promise<void> {
  await register(stack);
  await stack.sql`
    insert into tracksolid.poll_watermarks (job, account, imei, covered_from, covered_to)
    select 'tracks', '*', imei, now(), now() + interval '1 hour' from tracksolid.devices`;
}

const secondOf = (at: unknown) => `${new Date(String(at)).toISOString().slice(0, 19)}Z`;

/** What was told of engines in [from, to), by the simulator's own word. */
async function truthOf({ world }: Stack, fromS: number, toS: number) {
  const { obd, faults } = await world.pushTruth();
  const inside = (fact: Record<string, unknown>) => {
    const atS = Date.parse(String(fact.gateTime)) / 1_000;
    return atS >= fromS && atS < toS;
  };
  const readings = obd
    .filter(inside)
    .map(({ imei, gateTime, rpm, speedKmh, coolantC, batteryV, fuelPercent, odometerKm }) =>
      [imei, secondOf(gateTime), rpm, speedKmh, coolantC, batteryV, fuelPercent, odometerKm].join(" "),
    );
  const codes = faults
    .filter(inside)
    .flatMap(({ imei, gateTime, codes }) =>
      (codes as string[]).map((code) => [imei, secondOf(gateTime), code].join(" ")),
    );
  return { readings: [...new Set(readings)].sort(), codes: [...new Set(codes)].sort() };
}

async function storedOf({ sql }: Stack, fromS: number, toS: number) {
  const [from, to] = [fromS, toS].map((s) => new Date(s * 1_000)) as [Date, Date];
  const readings = await sql`
    select * from tracksolid.obd_readings where reading_time >= ${from} and reading_time < ${to}`;
  const codes = await sql`
    select * from tracksolid.fault_codes where fault_time >= ${from} and fault_time < ${to}`;
  return {
    readings: readings
      .map((row) =>
        [
          ...[row.imei, secondOf(row.reading_time.toISOString()), row.engine_rpm, row.speed_kmh],
          ...[row.coolant_c, row.battery_voltage_v, row.fuel_level, row.odometer],
        ].join(" "),
      )
      .sort(),
    codes: codes
      .map(({ imei, fault_time, fault_code }) =>
        [imei, secondOf(fault_time.toISOString()), fault_code].join(" "),
      )
      .sort(),
    sources: new Set(readings.map(({ source }) => source)),
  };
}

it("stores what engines tell once, whether it is pushed or polled, or both", {
  timeout: 180_000,
}, async () => {
  await using customer = await startCustomer();
  await using stack = await startStack({ world, vars: { POLL_OBD: "on" } });
  await begin(stack);
  const { fromS, toS } = pastHours(22);
  const middleS = fromS + 11 * HOUR_S;
  await stack.world.push({ ...push, url: stack.url, token: PUSH_TOKEN, fromS, toS: middleS });
  // Of these only the simulator knows that they were told.
  await stack.world.push({ ...push, url: customer.url, fromS: middleS, toS });
  expect(customer.received.map(({ path }: Received) => path)).toContain("/pushobd");
  const truth = await truthOf(stack, fromS, toS);
  expect(truth.readings.length).toBeGreaterThan(500);
  expect(truth.codes.length).toBeGreaterThan(0);

  const poll = async () => {
    expect(await stack.tick(TICK)).toBe("ok");
    await written(stack);
    const { readings, codes } = await storedOf(stack, fromS, toS);
    expect({ readings, codes }).toEqual(truth);
  };
  await poll();
  expect((await storedOf(stack, fromS, middleS)).sources).toEqual(new Set(["push"]));
  expect((await storedOf(stack, middleS, toS)).sources).toEqual(new Set(["poll"]));

  // Once more, from the beginning; then the pushes come after all.
  await stack.sql`delete from tracksolid.poll_watermarks where job = 'obd'`;
  await poll();
  await stack.world.push({ ...push, url: stack.url, token: PUSH_TOKEN, fromS: middleS, toS });
  await expect
    .poll(async () => (await storedOf(stack, middleS, toS)).sources, { timeout: 30_000 })
    .toEqual(new Set(["push"]));
  const { readings, codes } = await storedOf(stack, fromS, toS);
  expect({ readings, codes }).toEqual(truth);
});

it("asks for nothing while it is off, but for what somebody wants", { timeout: 120_000 }, async () => {
  await using stack = await startStack({ world });
  await begin(stack);
  expect(await stack.tick(TICK)).toBe("ok");
  await written(stack);
  expect(await calls(stack)).toBe(0);
  expect(await stack.sql`select from private.job_runs where job = 'obd'`).toHaveLength(0);
  expect(await stack.sql`select from tracksolid.ingestion_log where endpoint = 'obd'`).toHaveLength(0);
  const health = (await (await stack.fetch("/health/ingest")).json()) as { jobs: object[] };
  expect(health.jobs).toContainEqual(
    expect.objectContaining({ job: "obd", off: true, status: "ok", lastRunAt: null }),
  );

  const { fromS, toS } = pastHours(6);
  const key = await stack.makeKey(["admin"]);
  const answer = await stack.fetch("/v1/jobs/obd/runs", {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ from: new Date(fromS * 1_000).toISOString() }),
  });
  expect(answer.status).toBe(202);
  await written(stack);
  expect(await calls(stack)).toBeGreaterThan(0);
  expect((await storedOf(stack, fromS, toS)).readings.length).toBeGreaterThan(0);
  expect(await stack.lastRun("obd")).toMatchObject({ success: true });

  // A window that nobody was heard of goes to another even so.
  await stack.sql`
    update private.job_windows set ended_at = null, outcome = null, holder = 'gone',
      heard_at = now() - interval '5 minutes' where job = 'obd' and number = 1`;
  await stack.sql`update private.job_runs set ended_at = null, windows_left = 1 where job = 'obd'`;
  expect(await stack.tick(TICK)).toBe("ok");
  expect(
    await stack.sql`select from private.job_windows where job = 'obd' and ended_at is null`,
  ).toHaveLength(0);
});
