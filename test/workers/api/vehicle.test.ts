import { beforeAll, describe, expect, it } from "vitest";
import { database } from "../writer/deliver.ts";
import { ask, expectProblem, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, ago, imeis, unique } from "./fleet.ts";

const ROUTE = "/v1/vehicles/{imei}";
const account = unique("detail");
const [full = "", bare = "", contactOnly = "", fixOnly = "", hidden = "", gone = "", unknown = ""] = imeis(7);
const short = `97${full.slice(3)}`;
const long = `98${full}`;

let get: Awaited<ReturnType<typeof reader>>;

async function vehicle(imei: string): Promise<Record<string, unknown>> {
  const response = await get(`/v1/vehicles/${imei}`);
  expect(response.status).toBe(200);
  return expectDocumented(ROUTE, response);
}

const times = { fix_at: "2026-01-15T08:29:47Z", fix_received_at: "2026-01-15T08:29:50Z" };

beforeAll(async () => {
  get = await reader();
  await Promise.all([
    addVehicle(
      full,
      {
        account,
        device_name: 'KDA "001A" VAN',
        model: "GT06N",
        sim: "0700000001",
        vehicle_name: "Van",
        vehicle_model: "HiAce",
        vehicle_brand: "Toyota",
        plate: "KDA 001A",
        vin: "VIN1",
        driver_name: "Zoë Ñandú",
        driver_phone: "0700000101",
        group_name: "Default group",
        city: "Nairobi",
        segment: "parcels",
        vehicle_type: "van",
        activated_at: "2024-04-01T11:02:20Z",
        expires_at: "2036-04-01T23:59:59Z",
      },
      {
        ...times,
        lat: -1.286389,
        lng: 36.817223,
        speed_kmh: 42,
        heading_deg: 187,
        satellites: 11,
        pos_type: "GPS",
        confidence: 3,
        odometer_km: 15234.704987375,
        contact_at: "2026-01-15T08:29:50Z",
        online: true,
        ignition: true,
        gsm_level: 4,
        battery_percent: 99,
        battery_voltage_v: 4.25,
        external_voltage_v: 12.5,
        temperature_c: -18.5,
        fuel_sensor: "0.00L",
      },
    ),
    addVehicle(bare, {}),
    addVehicle(contactOnly, { account }, { contact_at: ago(5), online: false }),
    addVehicle(fixOnly, { account, group_id: account }, { ...times, lat: 0, lng: 36 }),
    addVehicle(hidden, { account, hidden_on_map: true }, { ...times, lat: 1, lng: 36 }),
    addVehicle(gone, { account, enabled: false }, { ...times, lat: 1, lng: 36 }),
    addVehicle(short, { account }),
    addVehicle(long, { account }),
  ]);
  await database()`
    insert into tracksolid.device_groups values (${account}, ${account}, 'Mombasa', '2026-01-15T08:00:00Z')`;
  await database()`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source) values
      (${full}, '2026-01-05T06:00:00Z', 'Juma', 'device_detail'),
      (${full}, '2026-01-12T07:02:10Z', 'Zoë Ñandú', 'device_detail'),
      (${contactOnly}, '2026-01-05T06:00:00Z', 'Juma', 'device_detail')`;
});

describe("GET /v1/vehicles/{imei}, happy", () => {
  it("says everything that is known", async () => {
    expect(await vehicle(full)).toEqual({
      imei: full,
      name: 'KDA "001A" VAN',
      plate: "KDA 001A",
      driver: "Zoë Ñandú",
      driverPhone: "0700000101",
      driverSince: "2026-01-12T07:02:10Z",
      account,
      city: "Nairobi",
      segment: "parcels",
      vehicleType: "van",
      model: "GT06N",
      vehicleName: "Van",
      vehicleBrand: "Toyota",
      vehicleModel: "HiAce",
      vin: "VIN1",
      group: "Default group",
      sim: "0700000001",
      enabled: true,
      hiddenOnMap: false,
      activatedAt: "2024-04-01T11:02:20Z",
      expiresAt: "2036-04-01T23:59:59Z",
      status: "silent",
      position: {
        lat: -1.286389,
        lng: 36.817223,
        speedKmh: 42,
        headingDeg: 187,
        satellites: 11,
        posType: "GPS",
        odometerKm: 15234.704987375,
        fixAt: "2026-01-15T08:29:47Z",
        receivedAt: "2026-01-15T08:29:50Z",
      },
      contact: {
        contactAt: "2026-01-15T08:29:50Z",
        online: true,
        ignition: true,
        gsmLevel: 4,
        batteryPercent: 99,
        batteryVoltageV: 4.25,
        externalVoltageV: 12.5,
        temperatureC: -18.5,
        fuelSensor: "0.00L",
      },
    });
  });

  it("names the group of a device that came with its id alone", async () => {
    expect(await vehicle(fixOnly)).toMatchObject({ group: "Mombasa" });
  });

  it("does not say since when of a driver who was put in by hand", async () => {
    expect(await vehicle(contactOnly)).toMatchObject({ driver: null, driverSince: null });
  });

  it("knows a device that was only listed", async () => {
    expect(await vehicle(bare)).toMatchObject({
      imei: bare,
      name: null,
      account: null,
      status: "unknown",
      position: null,
      contact: null,
    });
  });

  it("tells contact and position apart", async () => {
    const listened = await vehicle(contactOnly);
    expect(listened).toMatchObject({ position: null, contact: { online: false, ignition: null } });
    const seen = await vehicle(fixOnly);
    expect(seen).toMatchObject({ position: { lat: 0, lng: 36, speedKmh: null }, contact: null });
  });

  it.each([
    ["hidden on the map", hidden, { hiddenOnMap: true, enabled: true }],
    ["disabled", gone, { hiddenOnMap: false, enabled: false }],
  ])("shows one that is %s, without the status it has not on the map", async (_, imei, flags) => {
    expect(await vehicle(imei)).toMatchObject({ ...flags, status: null, position: { lat: 1, lng: 36 } });
  });

  it("knows IMEIs of 14 and of 17 digits", async () => {
    expect(short).toHaveLength(14);
    expect(long).toHaveLength(17);
    expect(await vehicle(short)).toMatchObject({ imei: short });
    expect(await vehicle(long)).toMatchObject({ imei: long });
  });

  it("is never cached, and answers HEAD with the headers alone", async () => {
    const response = await get(`/v1/vehicles/${full}`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toBe("");
  });
});

describe("GET /v1/vehicles/{imei}, error", () => {
  it("knows nothing of a device that nobody listed", async () => {
    const response = await get(`/v1/vehicles/${unknown}`);
    const check = response.clone();
    expect(await expectProblem(response, "not_found")).toBe(`No device has the IMEI ${unknown}.`);
    await expectDocumented(ROUTE, check);
  });

  it.each(["abc", "123", "9".repeat(13), "9".repeat(18), "86000000000000A", "%20", "-1", "%00", "%ff", "٨"])(
    "refuses %s",
    async (imei) => {
      const response = await get(`/v1/vehicles/${imei}`);
      expect(await expectProblem(response, "invalid_request")).toBe("imei: must be 14 to 17 digits");
    },
  );
});

describe("GET /v1/vehicles/{imei}, security", () => {
  it.each([
    "' or true --",
    "1'; drop table tracksolid.devices; --",
    "$1",
    "../health",
    `${"9".repeat(15)}\n`,
  ])("takes %j for what it is not", async (attack) => {
    await expectProblem(await get(`/v1/vehicles/${encodeURIComponent(attack)}`), "invalid_request");
    expect(await vehicle(full)).toMatchObject({ imei: full });
  });

  it("says nothing without a key, not even whether a device exists", async () => {
    await expectProblem(await ask(`/v1/vehicles/${full}`), "key_required");
    await expectProblem(await ask(`/v1/vehicles/${unknown}`), "key_required");
    await expectProblem(await ask("/v1/vehicles/abc"), "key_required");
  });
});
