import { expect, it } from "vitest";
import { database, deliver, isoOf, locationItem, messageOf, newImei, vendorTime } from "./deliver.ts";

async function liveOf(imei: string) {
  const [row] = await database()`select * from tracksolid.live_positions where imei = ${imei}`;
  return row;
}

async function historyOf(imei: string) {
  return database()`select * from tracksolid.position_history where imei = ${imei} order by gps_time`;
}

it("turns an item into a device, a fix, a live position and a receipt", async () => {
  const imei = newImei();
  const item = locationItem(imei, { account: "fireside" });
  const message = messageOf("location", [item]);
  expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });

  expect(await liveOf(imei)).toMatchObject({
    lat: -1.286389,
    lng: 36.817223,
    speed_kmh: 42,
    heading_deg: 187,
    online: true,
    ignition: true,
  });
  expect(await historyOf(imei)).toMatchObject([
    { source: "poll", sources: 1, clock_ahead: false, odometer_km: 15234.7 },
  ]);
  const [device] = await database()`select * from tracksolid.devices where imei = ${imei}`;
  expect(device).toMatchObject({
    account: "fireside",
    device_name: "KDA 001A VAN",
    model: "GT06N",
    enabled: true,
  });
  const [receipt] = await database()`
    select * from private.receipts where producer = ${message.id.producer} and sequence = ${message.id.sequence}`;
  expect(receipt).toMatchObject({ items: 1, rejected: 0, deliveries: 1, kind: "location" });
});

it("stores a message delivered three times once, and counts the deliveries", async () => {
  const imei = newImei();
  const message = messageOf("location", [locationItem(imei)]);
  await deliver([message]);
  const before = await liveOf(imei);
  await deliver([message, message]);
  expect(await liveOf(imei)).toEqual(before);
  expect(await historyOf(imei)).toHaveLength(1);
  const [receipt] = await database()`
    select deliveries from private.receipts where producer = ${message.id.producer} and sequence = ${message.id.sequence}`;
  expect(receipt?.deliveries).toBe(3);
});

it("keeps an older fix for the history and the newer one on the map, whatever comes first", async () => {
  const imei = newImei();
  const newer = locationItem(imei, { gpsTime: vendorTime(60), lat: -1.3 });
  const older = locationItem(imei, { gpsTime: vendorTime(6 * 3600), lat: -1.2 });
  await deliver([messageOf("location", [newer])]);
  await deliver([messageOf("location", [older])]);
  expect(await liveOf(imei)).toMatchObject({ lat: -1.3, fix_at: new Date(isoOf(newer.gpsTime)) });
  expect(await historyOf(imei)).toHaveLength(2);
});

it("moves the contact of a parked vehicle on while its fix stands still", async () => {
  const imei = newImei();
  const gpsTime = vendorTime(7_200);
  await deliver([
    messageOf("location", [locationItem(imei, { gpsTime, hbTime: vendorTime(600), electQuantity: "90" })]),
  ]);
  await deliver([
    messageOf("location", [locationItem(imei, { gpsTime, hbTime: vendorTime(60), electQuantity: "80" })]),
  ]);
  await deliver([
    messageOf("location", [locationItem(imei, { gpsTime, hbTime: vendorTime(300), electQuantity: "85" })]),
  ]);
  expect(await liveOf(imei)).toMatchObject({
    fix_at: new Date(isoOf(gpsTime)),
    contact_at: new Date(isoOf(vendorTime(60))),
    battery_percent: 80,
  });
  expect(await historyOf(imei)).toHaveLength(1);
});

it("follows the vendor's online flag at an unchanged heartbeat, in the order of receipt", async () => {
  const imei = newImei();
  const hbTime = vendorTime(600);
  const at = (agoS: number) => new Date(Date.now() - agoS * 1000).toISOString();
  const say = (status: string, receivedAt: string) =>
    deliver([messageOf("location", [locationItem(imei, { hbTime, status })], { receivedAt })]);
  await say("1", at(300));
  await say("0", at(100));
  await say("1", at(200));
  expect(await liveOf(imei)).toMatchObject({ online: false });
});

it("takes the newest of several fixes of one vehicle in one batch", async () => {
  const imei = newImei();
  const items = [50, 10, 30].map((agoS) =>
    locationItem(imei, { gpsTime: vendorTime(agoS), speed: String(agoS) }),
  );
  await deliver([messageOf("location", items.slice(0, 2)), messageOf("location", items.slice(2))]);
  expect(await liveOf(imei)).toMatchObject({ speed_kmh: 10 });
  expect(await historyOf(imei)).toHaveLength(3);
});

it("keeps the odometer while newer fixes tell none, in one batch as in several", async () => {
  const polls = (imei: string) =>
    [
      { gpsTime: vendorTime(190), currentMileage: "70" },
      { gpsTime: vendorTime(130), currentMileage: null },
      { gpsTime: vendorTime(70), currentMileage: "" },
    ].map((change) => messageOf("location", [locationItem(imei, change)]));
  const [together, apart] = [newImei(), newImei()];
  await deliver(polls(together));
  for (const poll of polls(apart)) await deliver([poll]);
  expect(await liveOf(together)).toMatchObject({ odometer_km: 70 });
  expect(await liveOf(apart)).toMatchObject({ odometer_km: 70 });
});

it("does not let a fix 47 hours ahead freeze the marker", async () => {
  const imei = newImei();
  await deliver([messageOf("location", [locationItem(imei, { gpsTime: vendorTime(-47 * 3600), lat: -2 })])]);
  expect(await liveOf(imei)).toMatchObject({ fix_at: null, lat: null });
  await deliver([messageOf("location", [locationItem(imei, { lat: -1.25 })])]);
  expect(await liveOf(imei)).toMatchObject({ lat: -1.25 });
  expect(await historyOf(imei)).toMatchObject([{ clock_ahead: false }, { clock_ahead: true, lat: -2 }]);
});

it("keeps a device without a fix off the map but in contact", async () => {
  const imei = newImei();
  await deliver([messageOf("location", [locationItem(imei, { lat: 0, lng: 0, gpsTime: "" })])]);
  expect(await liveOf(imei)).toMatchObject({ fix_at: null, online: true });
  expect(await historyOf(imei)).toHaveLength(0);
});

it("fills what a repeated fix left out at first", async () => {
  const imei = newImei();
  const bare = locationItem(imei, { currentMileage: null, gpsNum: null });
  await deliver([messageOf("location", [bare])]);
  await deliver([messageOf("location", [{ ...bare, currentMileage: "55", gpsNum: "9" }])]);
  expect(await historyOf(imei)).toMatchObject([{ odometer_km: 55, satellites: 9, sources: 1 }]);
});
