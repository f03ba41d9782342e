import { describe, expect, inject, it } from "vitest";
import { Addresses } from "../../setup/addresses.ts";
import { database, deliver, isoOf, messageOf, newImei, vendorTime } from "../writer/deliver.ts";
import { push, pushOf } from "../writer/facts/push.ts";
import { addressesOf, addressMessage, newSpot, tripItem } from "./places.ts";

const BAND = -20;
const nominatim = new Addresses(inject("nominatimUrl"), BAND);
const spot = () => newSpot(BAND);
const YEAR_MS = 365 * 86_400_000;

it("gives a trip what the cache knows, without asking anybody", async () => {
  const [imei, start, end] = [newImei(), await spot(), await spot()];
  await deliver([addressMessage(start, "Moi Avenue"), addressMessage(end, null)]);
  await push("pushtripreport", [tripItem(imei, start, end)]);
  expect(await addressesOf(imei)).toEqual([["Moi Avenue", null]]);
  // Within a batch too, whatever comes first.
  const both = await spot();
  const other = newImei();
  await deliver([
    pushOf("pushtripreport", [tripItem(other, both, both)]),
    addressMessage(both, "Ngong Road"),
  ]);
  expect(await addressesOf(other)).toEqual([["Ngong Road", "Ngong Road"]]);
  const asked = new Set((await nominatim.requests()).map(({ lat }) => lat));
  for (const { lat } of [start, end, both]) expect(asked).not.toContain(lat);
});

it("gives an address to all that wait for it, and changes no other row", async () => {
  const [start, end] = [await spot(), await spot()];
  const imeis = [newImei(), newImei()];
  for (const imei of imeis) await push("pushtripreport", [tripItem(imei, start, end)]);
  const elsewhere = newImei();
  await push("pushtripreport", [tripItem(elsewhere, await spot(), await spot())]);
  await deliver([addressMessage(end, "Jogoo Road")]);
  for (const imei of imeis) expect((await addressesOf(imei))[0]?.[1]).toBe("Jogoo Road");
  expect((await addressesOf(elsewhere))[0]).not.toContain("Jogoo Road");
});

it("takes the newest answer into the cache, and leaves rows that have an address", async () => {
  const [imei, place] = [newImei(), await spot()];
  const cached = async () =>
    (await database()`select address from tracksolid.geocode_cache where cell = ${place.cell}`)[0]?.address;
  const older = new Date(Date.now() - 60_000).toISOString();
  await deliver([
    addressMessage(place, "New Street"),
    addressMessage(place, "Old Street", { fetchedAt: older }),
  ]);
  expect(await cached()).toBe("New Street");
  await deliver([addressMessage(place, "Old Street", { fetchedAt: older })]);
  expect(await cached()).toBe("New Street");
  await push("pushtripreport", [tripItem(imei, place, place)]);
  await deliver([addressMessage(place, "Newest Street")]);
  expect(await cached()).toBe("Newest Street");
  expect(await addressesOf(imei)).toEqual([["New Street", "New Street"]]);
});

it("asks again for what was told long ago", async () => {
  const [imei, place] = [newImei(), await spot()];
  const fetchedAt = new Date(Date.now() - YEAR_MS).toISOString();
  await deliver([addressMessage(place, "Old Street", { fetchedAt })]);
  await push("pushtripreport", [tripItem(imei, place, place)]);
  const wait = { timeout: 15_000 };
  await expect.poll(async () => (await addressesOf(imei))[0]?.[0], wait).toMatch(/, Kenya$/);
  const asked = (await nominatim.requests()).filter(({ lat }) => Math.abs(lat - place.lat) < 1e-6);
  expect(asked).toHaveLength(1);
});

it("keeps the address of a trip with its place: another place, another address", async () => {
  const [imei, start, end, moved] = [newImei(), await spot(), await spot(), await spot()];
  await deliver([start, end, moved].map((place, index) => addressMessage(place, `Street ${index}`)));
  await push("pushtripreport", [tripItem(imei, start, end)], 300);
  await push("pushtripreport", [tripItem(imei, start, end, { distance: 2_000 })], 200);
  expect(await addressesOf(imei)).toEqual([["Street 0", "Street 1"]]);
  await push("pushtripreport", [tripItem(imei, start, moved)], 100);
  expect(await addressesOf(imei)).toEqual([["Street 0", "Street 2"]]);
  // A trip that takes the place of another one has addresses at once.
  await push("pushtripreport", [tripItem(imei, moved, end, { startTime: vendorTime(850) })], 0);
  expect(await addressesOf(imei)).toEqual([["Street 2", "Street 1"]]);
});

it("forgets the address of an end that is found to be elsewhere, whoever finds it", async () => {
  const [imei, start, end] = [newImei(), await spot(), await spot()];
  await deliver([addressMessage(start, "Moi Avenue"), addressMessage(end, "Ngong Road")]);
  await push("pushtripreport", [tripItem(imei, start, end)]);
  const move = (lat: number) => database()`update tracksolid.trips set end_lat = ${lat} where imei = ${imei}`;
  await move(end.lat + 0.000_001);
  expect(await addressesOf(imei)).toEqual([["Moi Avenue", "Ngong Road"]]);
  await move(end.lat + 0.01);
  expect(await addressesOf(imei)).toEqual([["Moi Avenue", null]]);
});

describe("stays", () => {
  const poll = (imei: string, place: { lat: number; lng: number }, change: Record<string, unknown> = {}) => {
    const [startTime, endTime] = [900, 0].map((agoS) => isoOf(vendorTime(agoS)));
    return messageOf("parking", [
      {
        ...{ imei, startTime, endTime, durSecond: "900", acc: "off", addr: "" },
        ...{ lat: place.lat, lng: place.lng },
        ...change,
      },
    ]);
  };
  const addressOf = async (imei: string) =>
    (await database()`select address from tracksolid.parking_events where imei = ${imei}`).map(
      ({ address }) => address,
    );

  it("get their address, from the cache or later, and keep what the vendor sent", async () => {
    const [blank, late, told, place] = [newImei(), newImei(), newImei(), await spot()];
    await deliver([poll(late, place)]);
    await deliver([addressMessage(place, "Likoni Road")]);
    await deliver([poll(blank, place), poll(told, place, { addr: "Example Road, Example..." })]);
    expect(await addressOf(blank)).toEqual(["Likoni Road"]);
    expect(await addressOf(late)).toEqual(["Likoni Road"]);
    expect(await addressOf(told)).toEqual(["Example Road, Example..."]);
  });

  it("keep it while they grow, and give it up for the vendor's", async () => {
    const [imei, place] = [newImei(), await spot()];
    await deliver([addressMessage(place, "Likoni Road"), poll(imei, place)]);
    const later = { startTime: isoOf(vendorTime(300)), endTime: isoOf(vendorTime(-300)) };
    await deliver([poll(imei, place, later)]);
    expect(await addressOf(imei)).toEqual(["Likoni Road"]);
    await deliver([poll(imei, place, { ...later, addr: "Example Road" })]);
    expect(await addressOf(imei)).toEqual(["Example Road"]);
  });
});

it("waits for nobody who holds a row, and leaves no row behind", async () => {
  const [held, free, place] = [newImei(), newImei(), await spot()];
  await push("pushtripreport", [tripItem(held, place, place)]);
  await push("pushtripreport", [tripItem(free, place, place)]);
  await database().begin(async (tx) => {
    await tx`select from tracksolid.trips where imei = ${held} for update`;
    expect(await deliver([addressMessage(place, "Uhuru Highway")])).toEqual({ acked: 1, retried: 0 });
    expect(await addressesOf(free)).toEqual([["Uhuru Highway", "Uhuru Highway"]]);
  });
  // Whoever held it wrote it, and so looks into the cache.
  await push("pushtripreport", [tripItem(held, place, place, { distance: 3_000 })]);
  expect(await addressesOf(held)).toEqual([["Uhuru Highway", "Uhuru Highway"]]);
});

it("never meets a deadlock, with trips and addresses written at the same time in every order", async () => {
  const imeis = Array.from({ length: 20 }, newImei);
  const places = await Promise.all(Array.from({ length: 6 }, spot));
  const any = <Value>(values: Value[]) => values[Math.floor(Math.random() * values.length)] as Value;
  const shuffled = <Value>(values: Value[]) => values.toSorted(() => Math.random() - 0.5);
  const writer = async () => {
    let retried = 0;
    for (let round = 0; round < 8; round++) {
      const startTime = vendorTime(900 + 10 * Math.floor(Math.random() * 20));
      const trips = shuffled(imeis).map((imei) => tripItem(imei, any(places), any(places), { startTime }));
      const outcome = await deliver([
        pushOf("pushtripreport", trips),
        ...shuffled(places).map((place, index) => addressMessage(place, `Street ${index}`)),
      ]);
      retried += outcome.retried;
    }
    return retried;
  };
  expect(await Promise.all([1, 2, 3, 4].map(writer))).toEqual([0, 0, 0, 0]);
  for (const imei of imeis) expect((await addressesOf(imei)).flat()).not.toContain(null);
});

it("rejects a record that it cannot read, beside one that it can", async () => {
  const place = await spot();
  const broken = addressMessage(place, "x", { cell: "somewhere" });
  const empty = addressMessage(place, "");
  expect(await deliver([broken, empty, addressMessage(place, "Moi Avenue")])).toEqual({
    acked: 3,
    retried: 0,
  });
  const rejected = await database()`
    select reason from private.rejected_items where producer = ${broken.id.producer}
      and sequence in (${broken.id.sequence}, ${empty.id.sequence})`;
  expect(rejected).toEqual([{ reason: "record_malformed" }, { reason: "record_malformed" }]);
});
