import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";

interface Live {
  features: {
    id: string;
    geometry: { coordinates: [number, number] } | null;
    properties: {
      account: string;
      name: string;
      driver: string | null;
      plate: string | null;
      fixAt: string | null;
    };
  }[];
}

it("carries every vehicle from the vendor to the map, and every detail to the registry", async () => {
  await using stack = await startStack({ world: { vehicles: 16, seed: 11 } });
  const live = async () => (await (await stack.fetch("/v1/live")).json()) as Live;

  expect(await stack.tick("7 * * * *")).toBe("ok");
  expect(await stack.tick("* * * * *")).toBe("ok");
  const truth = (await stack.world.vehicles()).filter(({ fixAt }) => fixAt !== null);
  expect(truth.length).toBeGreaterThan(12);
  await expect
    .poll(async () => (await live()).features.filter(({ geometry }) => geometry).length, { timeout: 15_000 })
    .toBeGreaterThan(12);

  const { features } = await live();
  const drivers = await stack.sql`select imei from tracksolid.devices where driver_name is not null`;
  expect(features).toHaveLength((await stack.sql`select imei from tracksolid.devices`).length);
  expect(drivers.length).toBeGreaterThan(10);
  for (const vehicle of truth) {
    const feature = features.find(({ id }) => id === vehicle.imei);
    expect(feature?.properties.account, vehicle.imei).toBe(vehicle.account);
  }

  await stack.tick("*/10 * * * *");
  await expect.poll(async () => (await stack.fetch("/health/ingest")).status, { timeout: 15_000 }).toBe(200);
  const ready = await (await stack.fetch("/health/ready")).json();
  expect(ready).toMatchObject({ status: "ready", database: "ok" });
});

it("writes nothing when a poll brings nothing new", async () => {
  await using stack = await startStack({ world: { vehicles: 5, seed: 12 } });
  // Standing still, with every value that a simulated device changes by itself held.
  const patch = {
    ...{ gpsTime: "2026-11-01 08:00:00", lat: -1.3, lng: 36.8, speed: "0", direction: "75", gpsNum: "10" },
    ...{
      hbTime: "2026-11-01 08:05:00",
      status: "1",
      accStatus: "0",
      gpsSignal: "3",
      currentMileage: "15234.7",
    },
    ...{
      electQuantity: "100",
      batteryPowerVal: "4.16",
      powerValue: "13.9",
      temperature: null,
      trackerOil: null,
    },
  };
  for (const { imei } of await stack.world.vehicles()) await stack.world.override(imei, { patch });
  // Row versions and locks as well as values.
  const changes = () => stack.sql`
    select (select json_agg(row(l, l.xmax, l.ctid) order by imei) from tracksolid.live_positions l) as live,
      (select json_agg(row(d, d.xmax, d.ctid) order by imei) from tracksolid.devices d) as devices,
      (select json_agg(row(h, h.xmax, h.ctid) order by imei) from tracksolid.position_history h) as history`;
  const batches = async () =>
    (await stack.sql`select from tracksolid.ingestion_log where endpoint = 'writer'`).length;

  await stack.tick("* * * * *");
  await expect.poll(async () => (await changes())[0]?.live?.length, { timeout: 15_000 }).toBe(5);
  await expect
    .poll(async () => (await stack.sql`select from tracksolid.ingestion_log where endpoint = 'live'`).length)
    .toBe(1);
  const before = { rows: await changes(), batches: await batches() };

  await stack.tick("* * * * *");
  await expect
    .poll(
      async () => (await stack.sql`select from tracksolid.ingestion_log where endpoint = 'live'`).length,
      { timeout: 15_000 },
    )
    .toBe(2);
  expect(await batches()).toBeGreaterThan(before.batches);
  expect(await changes()).toEqual(before.rows);
});
