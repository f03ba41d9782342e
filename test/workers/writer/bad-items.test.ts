import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { openKept } from "../../../workers/kept/listing.ts";
import { database, deliver, locationItem, messageOf, newImei } from "./deliver.ts";
import { keptBy } from "./kept.ts";

async function rejectedOf(id: { producer: string; sequence: number }) {
  return database()`
    select item_number, imei, reason, detail, item from private.rejected_items
    where producer = ${id.producer} and sequence = ${id.sequence} order by item_number`;
}

async function livePlaces(imeis: string[]) {
  const rows = await database()`select imei from tracksolid.live_positions
    where imei in (select json_array_elements_text(${JSON.stringify(imeis)}::text::json)) and fix_at is not null`;
  return rows.length;
}

it("rejects the broken items of a message with their reasons and stores the others", async () => {
  const good = [newImei(), newImei()];
  const old = newImei();
  // What is rejected twice is kept once, whoever sent it: nobody else sends these.
  const message = messageOf("location", [
    locationItem(good[0] ?? ""),
    crypto.randomUUID(),
    Math.random(),
    [crypto.randomUUID()],
    locationItem("not an imei"),
    locationItem(old, { gpsTime: "2019-04-06 23:59:42", hbTime: "2019-04-06 23:59:50" }),
    locationItem(newImei(), { lat: 91 }),
    locationItem(newImei(), { gpsTime: "yesterday" }),
    locationItem(good[1] ?? ""),
  ]);
  expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
  expect((await rejectedOf(message.id)).map(({ item_number, reason }) => [item_number, reason])).toEqual([
    [1, "not_an_object"],
    [2, "not_an_object"],
    [3, "not_an_object"],
    [4, "imei_missing"],
    [5, "time_out_of_range"],
    [6, "position_out_of_range"],
    [7, "time_unreadable"],
  ]);
  expect(await livePlaces(good)).toBe(2);
  // A broken clock is no reason to forget the device.
  expect(await database()`select from tracksolid.devices where imei = ${old}`).toHaveLength(1);
});

it("keeps the item as it was sent, NUL and lone surrogate included", async () => {
  const item = locationItem(newImei(), { deviceName: "A\0B\ud800", gpsTime: "nonsense" });
  const message = messageOf("location", [item]);
  await deliver([message]);
  const [rejected] = await rejectedOf(message.id);
  expect(JSON.parse(rejected?.item)).toEqual(item);
});

it("cleans what Postgres cannot hold out of names", async () => {
  const imei = newImei();
  await deliver([messageOf("location", [locationItem(imei, { deviceName: " KDA\0 001A \ud83d" })])]);
  const [device] = await database()`select device_name from tracksolid.devices where imei = ${imei}`;
  expect(device?.device_name).toBe("KDA 001A \ufffd");
});

it("keeps a broken item that every poll repeats once", async () => {
  const item = locationItem(newImei(), { gpsTime: "2019-04-06 23:59:42" });
  const messages = [messageOf("location", [item]), messageOf("location", [item])];
  for (const message of messages) await deliver([message]);
  const kept = await Promise.all(messages.map(({ id }) => rejectedOf(id)));
  expect(kept.map((rows) => rows.length)).toEqual([1, 0]);
});

it("finds the item that the database refuses among good ones, and stores those", async () => {
  const imeis = Array.from({ length: 20 }, newImei);
  const poison = {
    id: crypto.randomUUID(),
    job: "live",
    runAt: new Date().toISOString(),
    // Passes every check of ours and no integer column.
    durationMs: 2 ** 40,
    success: true,
    apiCalls: 1,
    rowsReceived: 1,
    accountsListed: null,
    vehiclesListed: null,
    errorCode: null,
    error: null,
  };
  const run = messageOf("run", [{ ...poison, id: crypto.randomUUID(), durationMs: 5 }, poison]);
  const locations = messageOf(
    "location",
    imeis.map((imei) => locationItem(imei)),
  );
  expect(await deliver([run, locations])).toEqual({ acked: 2, retried: 0 });
  expect(await livePlaces(imeis)).toBe(20);
  expect(await rejectedOf(run.id)).toMatchObject([{ item_number: 1, reason: "refused_by_database" }]);
});

it.each([
  ["unknown_version", { v: 2, kind: "location", newer: "form" }],
  ["unknown_version", messageOf("address", [{ v: 2, newer: "form" }])],
  ["unknown_kind", { v: 1, kind: "weather", items: [1] }],
  ["unreadable_message", { v: 1, kind: "location", items: "no list" }],
  ["unreadable_message", "text"],
  ["unreadable_message", null],
])("parks a message it cannot read: %s", async (reason, body) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const added = await keptBy("parked/held/", async () => {
    expect(await deliver([body])).toEqual({ acked: 1, retried: 0 });
  });
  expect(added).toMatchObject([{ reason, messages: 1 }]);
  expect(await openKept(env, added[0]?.key ?? "")).toEqual([text]);
});

it("leaves a message it cannot park in the queue", async () => {
  const broken = {
    ...env,
    BUCKET: { put: () => Promise.reject(new Error("R2 is down")) } as unknown as R2Bucket,
  };
  expect(await deliver([{ v: 2, kind: "location" }], broken)).toEqual({ acked: 0, retried: 1 });
});

it("retries everything while the database is away, and loses nothing", async () => {
  const imei = newImei();
  const message = messageOf("location", [locationItem(imei)]);
  const away = { ...env, DB_INGEST: { connectionString: "postgres://x:x@127.0.0.1:9/x" } as Hyperdrive };
  expect(await deliver([message], away)).toEqual({ acked: 0, retried: 1 });
  expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
  expect(await livePlaces([imei])).toBe(1);
});

it("stores the others beside an item whose reason would be cut within a character", async () => {
  const good = newImei();
  const odd = messageOf("location", [
    locationItem(newImei(), { gpsTime: `${"x".repeat(58)}😀` }),
    `${"y".repeat(58)}😀`,
  ]);
  expect(await deliver([odd, messageOf("location", [locationItem(good)])])).toEqual({ acked: 2, retried: 0 });
  expect(await livePlaces([good])).toBe(1);
  expect((await rejectedOf(odd.id)).map(({ reason }) => reason)).toEqual([
    "time_unreadable",
    "not_an_object",
  ]);
});

it("buries a message the database refuses although none of its items is to blame, and writes the others", async () => {
  const [good, refused] = [newImei(), newImei()];
  // No account of ours holds NUL: the message itself is at fault, not an item of it.
  const broken = messageOf("location", [locationItem(refused)], { account: "A\0B" });
  const added = await keptBy("dead/", async () => {
    expect(await deliver([broken, messageOf("location", [locationItem(good)])])).toEqual({
      acked: 2,
      retried: 0,
    });
  });
  expect(await livePlaces([good])).toBe(1);
  expect(await livePlaces([refused])).toBe(0);
  expect(added).toMatchObject([{ reason: "fails_alone", messages: 1, items: 1 }]);
  expect(await openKept(env, added[0]?.key ?? "")).toEqual([JSON.stringify(broken)]);
});
