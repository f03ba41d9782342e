import { expect, it } from "vitest";
import { deliver, isoOf, locationItem, messageOf, newImei, vendorTime } from "../deliver.ts";
import { liveOf, push, pushOf, rowsOf } from "./push.ts";

const at = (agoS: number) => new Date(isoOf(vendorTime(agoS)));
const position = (imei: string, agoS: number, rest: Record<string, unknown> = {}) => ({
  deviceImei: imei,
  gpsTime: vendorTime(agoS),
  gateTime: vendorTime(agoS),
  lat: -1.286389,
  lng: 36.817223,
  gpsMode: 0,
  gpsSpeed: 42,
  acc: 1,
  ...rest,
});

it("adds up the contacts of a vehicle in the order of their times", async () => {
  const [together, apart] = [newImei(), newImei()];
  const items = (imei: string) =>
    [
      ["pushhb", { deviceImei: imei, gateTime: vendorTime(300), powerLevel: 90, acc: 0, temperature: 20 }],
      ["pushhb", { deviceImei: imei, gateTime: vendorTime(200), powerLevel: 80 }],
      ["pushevent", { deviceImei: imei, gateTime: vendorTime(100), type: "LOGIN" }],
      ["pushgps", position(imei, 50)],
    ] as const;
  const shuffled = [2, 0, 3, 1].map((index) => items(together)[index]);
  await deliver(shuffled.flatMap((item) => (item ? [pushOf(item[0], [item[1]])] : [])));
  for (const [kind, item] of items(apart)) await push(kind, [item]);
  const expected = {
    contact_at: at(50),
    online: true,
    ignition: true,
    battery_percent: 80,
    temperature_c: 20,
    fix_at: at(50),
  };
  expect(await liveOf(together)).toMatchObject(expected);
  expect(await liveOf(apart)).toMatchObject(expected);
});

it("does not let a poll that says nothing of the battery empty it", async () => {
  const imei = newImei();
  await push("pushhb", [{ deviceImei: imei, gateTime: vendorTime(100), powerLevel: 80 }]);
  await deliver([messageOf("location", [locationItem(imei, { electQuantity: "", hbTime: vendorTime(10) })])]);
  expect(await liveOf(imei)).toMatchObject({ battery_percent: 80, contact_at: at(10), gsm_level: 4 });
});

it("sets a device offline by a log-out, but not by one that is late", async () => {
  const [late, latest, sameBatch] = [newImei(), newImei(), newImei()];
  const event = (imei: string, type: string, agoS: number) => ({
    deviceImei: imei,
    type,
    gateTime: vendorTime(agoS),
  });
  await push("pushevent", [event(late, "LOGIN", 100)]);
  await push("pushevent", [event(late, "LOGOUT", 200)]);
  expect(await liveOf(late)).toMatchObject({ online: true, contact_at: at(100) });
  expect(await rowsOf("device_events", late)).toMatchObject([
    { event_type: "LOGOUT" },
    { event_type: "LOGIN" },
  ]);
  await push("pushevent", [event(sameBatch, "LOGIN", 100), event(sameBatch, "LOGOUT", 200)]);
  expect(await liveOf(sameBatch)).toMatchObject({ online: true });
  await push("pushevent", [event(latest, "LOGIN", 200), event(latest, "LOGOUT", 100)]);
  expect(await liveOf(latest)).toMatchObject({ online: false });
});

it("lets a polled and a pushed fix meet in one row, whichever is first", async () => {
  const [pollFirst, pushFirst] = [newImei(), newImei()];
  const polled = (imei: string) =>
    messageOf("location", [locationItem(imei, { gpsTime: vendorTime(60), speed: null, confidence: "3" })]);
  const pushed = (imei: string) =>
    pushOf("pushgps", [position(imei, 60, { altitude: 1661, distance: 5_000 })]);
  await deliver([polled(pollFirst)]);
  await deliver([pushed(pollFirst)]);
  await deliver([pushed(pushFirst)]);
  await deliver([polled(pushFirst)]);
  const row = {
    sources: 3,
    speed_kmh: 42,
    altitude_m: 1661,
    confidence: 3,
    odometer_km: 5,
    retransmitted: false,
  };
  expect(await rowsOf("position_history", pollFirst)).toMatchObject([{ ...row, source: "poll" }]);
  expect(await rowsOf("position_history", pushFirst)).toMatchObject([{ ...row, source: "push" }]);
});

it("keeps a stored position for the history without a contact, and no position at 0,0", async () => {
  const imei = newImei();
  await push("pushgps", [position(imei, 900, { gpsMode: 1, gateTime: vendorTime(5) })]);
  expect(await liveOf(imei)).toMatchObject({ contact_at: null, fix_at: at(900) });
  await push("pushgps", [position(imei, 60, { lat: 0, lng: 0 })]);
  expect(await liveOf(imei)).toMatchObject({ contact_at: at(60), fix_at: at(900) });
  expect(await rowsOf("position_history", imei)).toMatchObject([{ retransmitted: true }]);
});
