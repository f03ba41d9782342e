import { expect, it } from "vitest";
import { database, deliver, locationItem, messageOf, newImei } from "./deliver.ts";

async function deviceOf(imei: string) {
  const [row] = await database()`select * from tracksolid.devices where imei = ${imei}`;
  return row;
}

const at = (agoS: number) => new Date(Date.now() - agoS * 1000).toISOString();

it("takes all the vendor's fields, list and detail together", async () => {
  const imei = newImei();
  const listed = {
    imei,
    deviceName: "KDA 001A VAN",
    mcType: "GT06N",
    sim: null,
    vehicleNumber: "",
    driverName: null,
    enabledFlag: 1,
    deviceGroup: "Nairobi",
  };
  const detailed = {
    ...listed,
    account: "fireside",
    sim: "0700000001",
    vehicleNumber: "KDA 001A",
    driverName: "Driver One",
    driverPhone: "0700000101",
    iccid: "8900",
    VIN: "VIN1",
    fuel_100km: "9",
    currentMileage: "15234.7",
    expiration: "2036-04-01 23:59:59",
  };
  await deliver([
    messageOf("device", [listed], { account: "parent" }),
    messageOf("device_detail", [detailed], { account: null }),
  ]);
  expect(await deviceOf(imei)).toMatchObject({
    account: "fireside",
    plate: "KDA 001A",
    driver_name: "Driver One",
    driver_phone: "0700000101",
    sim: "0700000001",
    vin: "VIN1",
    fuel_l_per_100_km: 9,
    odometer_km: 15234.7,
    group_name: "Nairobi",
    expires_at: new Date("2036-04-01T23:59:59Z"),
    vendor_enabled: true,
  });
});

it("never lets the list's nulls overwrite the detail, in either order", async () => {
  const imei = newImei();
  const list = messageOf("device", [{ imei, deviceName: "van", driverName: null, sim: "" }]);
  const detail = messageOf("device_detail", [{ imei, driverName: "Driver One", sim: "0700" }], {
    receivedAt: at(60),
  });
  await deliver([list]);
  await deliver([detail]);
  await deliver([messageOf("device", [{ imei, deviceName: "van", driverName: null, sim: "" }])]);
  expect(await deviceOf(imei)).toMatchObject({ driver_name: "Driver One", sim: "0700", device_name: "van" });
});

it("does not let an older answer rename a device", async () => {
  const imei = newImei();
  await deliver([messageOf("device", [{ imei, deviceName: "new name" }], { receivedAt: at(10) })]);
  await deliver([
    messageOf("device", [{ imei, deviceName: "old name", mcType: "X3" }], { receivedAt: at(500) }),
  ]);
  expect(await deviceOf(imei)).toMatchObject({ device_name: "new name", model: "X3" });
});

it("registers a device that nobody listed, and follows it to another account", async () => {
  const imei = newImei();
  await deliver([messageOf("location", [locationItem(imei, { account: undefined })], { account: "asked" })]);
  expect(await deviceOf(imei)).toMatchObject({ account: "asked", listed_at: null, enabled: true });
  await deliver([
    messageOf("location", [locationItem(imei, { account: "owner A" })], {
      account: "asked",
      receivedAt: at(30),
    }),
  ]);
  expect(await deviceOf(imei)).toMatchObject({ account: "owner A" });
  await deliver([
    messageOf("location", [locationItem(imei, { account: "owner B" })], {
      account: "asked",
      receivedAt: at(10),
    }),
  ]);
  await deliver([
    messageOf("location", [locationItem(imei, { account: "owner A" })], {
      account: "asked",
      receivedAt: at(20),
    }),
  ]);
  expect(await deviceOf(imei)).toMatchObject({ account: "owner B" });
});

it("does not touch the row for facts it knows", async () => {
  const imei = newImei();
  await deliver([messageOf("location", [locationItem(imei)])]);
  const before = await deviceOf(imei);
  await deliver([messageOf("location", [locationItem(imei, { gpsNum: "3" })])]);
  expect(await deviceOf(imei)).toEqual(before);
});

it("keeps what is ours", async () => {
  const imei = newImei();
  await deliver([messageOf("device", [{ imei, deviceName: "van" }])]);
  await database()`update tracksolid.devices set city = 'Nairobi', segment = 'fibre', hidden_on_map = true where imei = ${imei}`;
  await deliver([messageOf("device", [{ imei, deviceName: "van 2" }])]);
  expect(await deviceOf(imei)).toMatchObject({
    city: "Nairobi",
    segment: "fibre",
    hidden_on_map: true,
    device_name: "van 2",
  });
});

it("takes the account that was asked for a device whose owner nobody has named", async () => {
  const imei = newImei();
  await deliver([messageOf("device_detail", [{ imei, deviceName: "van" }], { account: null })]);
  expect(await deviceOf(imei)).toMatchObject({ account: null });
  await deliver([messageOf("location", [locationItem(imei, { deviceName: "van" })], { account: "asked" })]);
  expect(await deviceOf(imei)).toMatchObject({ account: "asked", account_at: null });
  // The owner is named, and is the same: an older answer that names another does not win any more.
  await deliver([messageOf("location", [locationItem(imei, { account: "asked" })], { receivedAt: at(10) })]);
  await deliver([
    messageOf("location", [locationItem(imei, { account: "another" })], { receivedAt: at(20) }),
  ]);
  expect(await deviceOf(imei)).toMatchObject({ account: "asked" });
});
