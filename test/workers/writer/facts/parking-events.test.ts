import { expect, it } from "vitest";
import type { MessageKind } from "../../../../shared/message.ts";
import { database, deliver, messageOf, newImei } from "../deliver.ts";
import { rowsOf } from "./push.ts";

const DAY = "2026-11-10";
const at = (time: string) => `${DAY}T${time}.000Z`;

/** A stay as `report.parking` tells it; an empty end lasts. */
function stay(imei: string, from: string, to: string | null, change: Record<string, unknown> = {}) {
  const durS = to === null ? 0 : (Date.parse(at(to)) - Date.parse(at(from))) / 1000;
  return {
    imei,
    startTime: at(from),
    endTime: to === null ? null : at(to),
    durSecond: String(durS),
    lat: -1.3,
    lng: 36.9,
    addr: "Example Road...",
    acc: "off",
    ...change,
  };
}

/** Delivers what the vendor answered at a time of the day. */
async function report(items: unknown[], receivedAt: string, kind: MessageKind = "parking") {
  await deliver([messageOf(kind, items, { receivedAt: at(receivedAt) })]);
}

/** Stays of a vehicle as from-to, `…` where it lasts, with the seconds. */
async function staysOf(imei: string) {
  const time = (value: Date | null) => value?.toISOString().slice(11, 19) ?? "…";
  return (await rowsOf("parking_events", imei)).map(
    ({ start_time, end_time, acc, duration_s }) =>
      `${acc} ${time(start_time)}-${time(end_time)} ${duration_s}`,
  );
}

it("stores a stay once, with its place and the vendor's address", async () => {
  const imei = newImei();
  await report([stay(imei, "08:00:00", "09:00:00")], "09:15:00");
  await report([stay(imei, "08:00:00", "09:00:00")], "09:30:00");
  const rows = await rowsOf("parking_events", imei);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    acc: "off",
    duration_s: 3600,
    lat: -1.3,
    lng: 36.9,
    address: "Example Road...",
    received_at: new Date(at("09:15:00")),
  });
});

it("lets one that lasts grow and end, and a late older report changes nothing", async () => {
  const imei = newImei();
  await report([stay(imei, "08:00:00", null, { durSecond: "600" })], "08:10:00");
  expect(await staysOf(imei)).toEqual(["off 08:00:00-… 600"]);
  await report([stay(imei, "08:00:00", null, { durSecond: "1500" })], "08:25:00");
  expect(await staysOf(imei)).toEqual(["off 08:00:00-… 1500"]);
  // It left before it was last said to stand, and stands elsewhere since.
  await report([stay(imei, "08:00:00", "08:20:00"), stay(imei, "08:23:00", null)], "08:40:00");
  await report([stay(imei, "08:00:00", null, { durSecond: "600" })], "08:10:00");
  expect(await staysOf(imei)).toEqual(["off 08:00:00-08:20:00 1200", "off 08:23:00-… 0"]);
});

it("takes the later report where stays overlap, and leaves an older one out that comes late", async () => {
  const imei = newImei();
  // Out of sight it seemed to stand; it was on the road.
  const seemed = stay(imei, "08:00:00", "12:00:00");
  const did = [
    stay(imei, "08:00:00", "08:30:00"),
    stay(imei, "09:00:00", "09:45:00"),
    stay(imei, "11:30:00", "12:00:00"),
  ];
  await report([seemed], "12:05:00");
  await report(did, "13:00:00");
  await report([seemed], "12:05:00");
  expect(await staysOf(imei)).toEqual([
    "off 08:00:00-08:30:00 1800",
    "off 09:00:00-09:45:00 2700",
    "off 11:30:00-12:00:00 1800",
  ]);
});

it("keeps two parts of one answer beside each other, in whatever order they come", async () => {
  const imei = newImei();
  await report([stay(imei, "08:00:00", null)], "09:00:00");
  await report([stay(imei, "08:23:00", null)], "09:15:00");
  await report([stay(imei, "08:00:00", "08:20:00")], "09:15:00");
  await report([stay(imei, "08:23:00", null)], "09:15:00");
  expect(await staysOf(imei)).toEqual(["off 08:00:00-08:20:00 1200", "off 08:23:00-… 0"]);
});

it("keeps parking and idling apart, and takes what was asked for where a row does not say", async () => {
  const imei = newImei();
  await report([stay(imei, "08:00:00", "08:10:00", { acc: null })], "09:00:00", "idling");
  await report([stay(imei, "08:10:00", "09:00:00", { acc: null })], "09:00:00", "parking");
  expect(await staysOf(imei)).toEqual(["on 08:00:00-08:10:00 600", "off 08:10:00-09:00:00 3000"]);
});

it("rejects a broken row and keeps the good one beside it", async () => {
  const imei = newImei();
  const broken = [
    stay(imei, "08:00:00", "07:00:00"),
    stay(imei, "08:00:00", "07:00:00", { startTime: "yesterday" }),
    stay(imei, "08:00:00", null, { imei: "unknown" }),
    "no row",
  ];
  await report([...broken, stay(imei, "10:00:00", "11:00:00")], "12:00:00");
  expect(await staysOf(imei)).toEqual(["off 10:00:00-11:00:00 3600"]);
});

it("refuses a stay that ends where no clock can be", async () => {
  const imei = newImei();
  await report(
    [
      stay(imei, "08:00:00", null, { endTime: 1e17 }),
      stay(imei, "09:00:00", "09:10:00", { endTime: "2099-01-01 00:00:00" }),
    ],
    "10:00:00",
  );
  await report([stay(imei, "09:20:00", "09:30:00")], "10:00:00");
  expect(await staysOf(imei)).toEqual(["off 09:20:00-09:30:00 600"]);
  const rejected = await database()`select reason from private.rejected_items where imei = ${imei}`;
  expect(rejected).toEqual([{ reason: "time_out_of_range" }, { reason: "time_out_of_range" }]);
});
