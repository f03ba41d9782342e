import { expect, it } from "vitest";
import type { Message } from "../../../../shared/message.ts";
import { database, deliver, messageOf, newImei } from "../deliver.ts";

const startMs = Date.now() - 20 * 24 * 3_600_000;
/** An instant so many days into the test. */
const day = (days: number) => new Date(startMs + days * 24 * 3_600_000);

/** A detail that the vendor gave on a day. */
const detail = (imei: string, days: number, driverName: string | null, driverPhone: string | null = null) =>
  messageOf("device_detail", [{ imei, driverName, driverPhone }], {
    account: null,
    receivedAt: day(days).toISOString(),
  });

const assignments = async (imei: string) =>
  (
    await database()`
      select valid_from, driver_name, driver_phone from tracksolid.driver_assignments
      where imei = ${imei} order by valid_from`
  ).map(({ valid_from, driver_name, driver_phone }) => [valid_from, driver_name, driver_phone]);

const driverAt = async (imei: string, days: number) =>
  (await database()`select * from reporting.fn_driver_at(${imei}, ${day(days)})`)[0] ?? null;

it("opens a row when the driver changes, and none while they stay", async () => {
  const imei = newImei();
  for (const [days, name] of [
    [1, "Juma"],
    [2, "Juma"],
    [3, "Wanjiku"],
    [4, "Wanjiku"],
    [5, "Juma"],
  ] as const) {
    await deliver([detail(imei, days, name, `07${days}`)]);
  }
  expect(await assignments(imei)).toEqual([
    [day(1), "Juma", "072"],
    [day(3), "Wanjiku", "074"],
    [day(5), "Juma", "075"],
  ]);
});

it("tells the driver of an instant, and nobody before the first", async () => {
  const imei = newImei();
  await deliver([detail(imei, 1, "Juma", "0700")]);
  await deliver([detail(imei, 3, "Wanjiku")]);
  expect(await driverAt(imei, 0.9)).toBeNull();
  expect(await driverAt(imei, 1)).toEqual({
    driver_name: "Juma",
    driver_phone: "0700",
    valid_from: day(1),
  });
  expect(await driverAt(imei, 2.9)).toMatchObject({ driver_name: "Juma" });
  expect(await driverAt(imei, 99)).toEqual({
    driver_name: "Wanjiku",
    driver_phone: null,
    valid_from: day(3),
  });
});

it("says nothing for an answer that names nobody", async () => {
  const imei = newImei();
  await deliver([detail(imei, 1, "Juma")]);
  await deliver([detail(imei, 2, null), messageOf("device", [{ imei, driverName: "" }])]);
  expect(await assignments(imei)).toEqual([[day(1), "Juma", null]]);
});

it("gives a late answer its place in time, though others were confirmed before and after it", async () => {
  const imei = newImei();
  for (const days of [1, 5, 9]) await deliver([detail(imei, days, "Juma")]);
  await deliver([detail(imei, 3, "Wanjiku")]);
  expect(await assignments(imei)).toEqual([
    [day(1), "Juma", null],
    [day(3), "Wanjiku", null],
    [day(5), "Juma", null],
  ]);
  // One that only tells that a driver came earlier moves the row.
  await deliver([detail(imei, 2, "Wanjiku")]);
  expect(await assignments(imei)).toEqual([
    [day(1), "Juma", null],
    [day(2), "Wanjiku", null],
    [day(5), "Juma", null],
  ]);
});

it("ends with the same rows whatever the order, the batches and the repeats", {
  timeout: 30_000,
}, async () => {
  const names = ["Juma", "Juma", "Wanjiku", "Juma", "Otieno", "Otieno", "Juma", "Wanjiku", "Wanjiku"];
  const orders = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
    [8, 7, 6, 5, 4, 3, 2, 1, 0],
    [4, 0, 8, 2, 6, 1, 7, 3, 5],
    [1, 3, 5, 7, 0, 2, 4, 6, 8],
  ];
  const expected = [
    [day(0), "Juma", null],
    [day(2), "Wanjiku", null],
    [day(3), "Juma", null],
    [day(4), "Otieno", null],
    [day(6), "Juma", null],
    [day(7), "Wanjiku", null],
  ];
  for (const [number, order] of orders.entries()) {
    const imei = newImei();
    const messages = order.map((days) => detail(imei, days, names[days] ?? ""));
    const batches: Message[][] = [];
    for (let at = 0; at < messages.length; at += number + 1)
      batches.push(messages.slice(at, at + number + 1));
    for (const batch of batches) await deliver(batch);
    expect(await assignments(imei), order.join()).toEqual(expected);
    await deliver(messages);
    expect(await assignments(imei), order.join()).toEqual(expected);
  }
});

it("writes nothing for a repeat, and counts it as one", async () => {
  const imei = newImei();
  const message = detail(imei, 1, "Juma");
  const versions = () => database()`
    select a.xmin::text, a.xmax::text, s.xmin::text as seen, s.xmax::text as seen_max
    from tracksolid.driver_assignments a join private.driver_sightings s using (imei) where imei = ${imei}`;
  await deliver([message]);
  const before = await versions();
  expect(before).toHaveLength(1);
  await deliver([message]);
  expect(await versions()).toEqual(before);
  const [receipt] = await database()`
    select outcomes, deliveries from private.receipts
    where producer = ${message.id.producer} and sequence = ${message.id.sequence}`;
  expect(receipt).toEqual({ outcomes: "w", deliveries: 2 });
});

it("hears the company over the vendor until it gives the naming back, in whatever order namings come", async () => {
  for (const order of [
    [1, 4, 5, 7],
    [7, 5, 4, 1],
    [5, 1, 7, 4],
  ]) {
    const imei = newImei();
    await database()`
      insert into private.driver_sightings (imei, seen_at, driver_name, source)
      values (${imei}, ${day(3)}, 'Amina', 'own'), (${imei}, ${day(6)}, 'Amina', 'returned')`;
    for (const days of order) await deliver([detail(imei, days, days === 5 ? "Wanjiku" : "Juma")]);
    expect((await assignments(imei)).map(([at, name]) => [at, name])).toEqual([
      [day(1), "Juma"],
      [day(3), "Amina"],
      [day(7), "Juma"],
    ]);
  }
});

it("counts a late answer as written, though the registry knows better", async () => {
  const imei = newImei();
  await deliver([detail(imei, 5, "Juma", "0700")]);
  const late = detail(imei, 2, "Wanjiku");
  await deliver([late]);
  const [receipt] = await database()`
    select outcomes from private.receipts where producer = ${late.id.producer} and sequence = ${late.id.sequence}`;
  expect(receipt).toEqual({ outcomes: "w" });
  const [device] = await database()`select driver_name from tracksolid.devices where imei = ${imei}`;
  expect(device).toEqual({ driver_name: "Juma" });
});

it("misses no change when several writers tell of the same vehicles at once", async () => {
  const imeis = Array.from({ length: 10 }, newImei);
  const names = ["Juma", "Wanjiku", "Juma", "Otieno"];
  await Promise.all(
    names.map((name, days) => {
      const order = days % 2 === 0 ? imeis : imeis.toReversed();
      return deliver(order.map((imei) => detail(imei, days, name)));
    }),
  );
  for (const imei of imeis) {
    expect(await assignments(imei)).toEqual(names.map((name, days) => [day(days), name, null]));
  }
});
