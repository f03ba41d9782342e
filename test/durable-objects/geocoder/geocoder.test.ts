import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import type { Geocoder } from "../../../durable-objects/geocoder/index.ts";
import type { WantedCell } from "../../../shared/records.ts";
import { Addresses } from "../../setup/addresses.ts";
import { database } from "../../workers/writer/deliver.ts";

/** A test has a geocoder and a degree of latitude of its own: others of this file may still be at work. */
let band = 40;
let nominatim: Addresses;
let stub: DurableObjectStub<Geocoder>;

/** Cells from south to north; each later one is newer. */
const cellsOf = (count: number, fromMs = Date.now() - 3_600_000): WantedCell[] =>
  Array.from({ length: count }, (_, index) => ({
    cell: `${band}:${index}`,
    lat: Number((band + index / 10_000).toFixed(6)),
    lng: 36.8,
    atMs: fromMs + index,
  }));
const cell = (number: number) => cellsOf(number + 1)[number] as WantedCell;

const cached = async (name: string) =>
  (await database()`select * from tracksolid.geocode_cache where cell = ${name}`)[0];
const askedFor = async () => (await nominatim.requests()).map(({ lat }) => lat);

beforeEach(() => {
  band += 1;
  nominatim = new Addresses(inject("nominatimUrl"), band);
  stub = env.GEOCODER.getByName(`test ${band}`);
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("by its own alarms", () => {
  it("starts a request a second at most, also across an eviction, and names who asks", async () => {
    await stub.want(cellsOf(5));
    await expect.poll(askedFor, { timeout: 5_000 }).toHaveLength(2);
    await abortAllDurableObjects();
    stub = env.GEOCODER.getByName(`test ${band}`);
    await stub.want(cellsOf(5));
    await expect.poll(askedFor, { timeout: 15_000 }).toHaveLength(5);
    const requests = await nominatim.requests();
    const gaps = requests.slice(1).map(({ atMs }, index) => atMs - (requests[index]?.atMs ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_000);
    expect(requests[0]).toMatchObject({
      userAgent: "tracksolid-edge (tests@example.com)",
      parameters: {
        ...{ format: "jsonv2", zoom: "18", "accept-language": "en" },
        ...{ addressdetails: "0", email: "tests@example.com" },
      },
    });
  });

  it("brings what it learns into the cache, and what nobody knows too", async () => {
    await stub.want([cell(0)]);
    await expect
      .poll(() => cached(cell(0).cell), { timeout: 10_000 })
      .toMatchObject({
        lat: cell(0).lat,
        lng: 36.8,
        address: expect.stringMatching(/, Kenya$/),
      });
    await nominatim.addFault({ kind: "unable" });
    await stub.want([cell(1)]);
    await expect.poll(() => cached(cell(1).cell), { timeout: 10_000 }).toMatchObject({ address: null });
    expect(await stub.figures()).toEqual({
      ...{ asked: 2, answered: 1, unknown: 1, failed: 0, dropped: 0 },
      ...{ waiting: 0, pausedUntil: 0 },
    });
  });
});

it("keeps one line of a name that somebody wrote into the map", async () => {
  await nominatim.addFault({ kind: "hostile-name" });
  await stub.want([cell(0)]);
  await expect
    .poll(() => cached(cell(0).cell), { timeout: 10_000 })
    .toMatchObject({
      address: expect.stringMatching(/^<script>alert\(1\)<\/script> evil( Long Road)+/),
    });
  const { address } = (await cached(cell(0).cell)) as { address: string };
  expect(address.length).toBeLessThanOrEqual(300);
});

describe("by the test's clock", () => {
  let nowMs = 0;

  /** Lets so much time pass and the alarm come. */
  async function pass(ms: number): Promise<void> {
    nowMs += ms;
    vi.setSystemTime(nowMs);
    await runDurableObjectAlarm(stub);
  }

  beforeEach(() => {
    // No alarm comes by itself: all are an hour away.
    nowMs = Date.now() + 3_600_000;
    vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
  });

  it("asks once for a cell however often it is wanted, and says again what it has just learned", async () => {
    await stub.want([cell(0), cell(0)]);
    await stub.want([{ ...cell(0), lat: band + 0.5, atMs: nowMs }]);
    await pass(2_000);
    // With the newest of the places.
    expect(await askedFor()).toEqual([band + 0.5]);
    await expect.poll(() => cached(cell(0).cell), { timeout: 10_000 }).toBeDefined();
    // Whoever wrote meanwhile did not see it yet.
    await database()`
      update tracksolid.geocode_cache set address = 'old', fetched_at = '2026-01-01' where cell = ${cell(0).cell}`;
    await stub.want([cell(0)]);
    await pass(2_000);
    await expect
      .poll(() => cached(cell(0).cell), { timeout: 10_000 })
      .toMatchObject({ address: expect.stringMatching(/Kenya$/) });
    expect(await askedFor()).toHaveLength(1);
    // Later it is asked again: the cache is older than it may be.
    await pass(11 * 60_000);
    await stub.want([cell(0)]);
    await pass(2_000);
    expect(await askedFor()).toHaveLength(2);
  });

  it("asks for the newest first", async () => {
    await stub.want(cellsOf(3));
    await pass(2_000);
    await stub.want([{ ...cell(9), atMs: nowMs }]);
    for (let request = 0; request < 3; request++) await pass(2_000);
    expect(await askedFor()).toEqual([cell(2).lat, cell(9).lat, cell(1).lat, cell(0).lat]);
  });

  it("does not ask before its time, whoever wakes it", async () => {
    await stub.want(cellsOf(2));
    await pass(2_000);
    await pass(900);
    expect(await askedFor()).toHaveLength(1);
    await pass(300);
    expect(await askedFor()).toHaveLength(2);
  });

  it("lets the oldest fall off a full backlog, and counts them", async () => {
    await stub.want(cellsOf(3_700));
    expect(await stub.figures()).toMatchObject({ waiting: 3_600, dropped: 100 });
    await stub.want([{ ...cell(0), atMs: 0 }]);
    expect(await stub.figures()).toMatchObject({ waiting: 3_600, dropped: 101 });
    await pass(2_000);
    expect(await askedFor()).toEqual([cell(3_699).lat]);
  });

  it.each(["http500", "http403", "http429", "reset"] as const)(
    "waits longer after each %s, up to ten minutes, and keeps the cell",
    async (kind) => {
      await nominatim.addFault({ kind });
      await stub.want([cell(0)]);
      const pauses: number[] = [];
      for (let failure = 0; failure < 12; failure++) {
        await pass(0);
        const { pausedUntil } = await stub.figures();
        pauses.push(pausedUntil - nowMs);
        await pass(pausedUntil - nowMs - 1);
        nowMs += 1;
      }
      expect(await askedFor()).toHaveLength(12);
      for (const [index, pauseMs] of pauses.entries()) {
        const leastMs = Math.min(600_000, 2_000 * 2 ** index);
        expect(pauseMs).toBeGreaterThanOrEqual(leastMs);
        expect(pauseMs).toBeLessThanOrEqual(leastMs * 1.25);
      }
      await nominatim.clearFaults();
      await pass(0);
      expect(await stub.figures()).toMatchObject({
        ...{ asked: 13, answered: 1, failed: 12, dropped: 0 },
        ...{ waiting: 0, pausedUntil: 0 },
      });
    },
    30_000,
  );

  it("waits as long as it is asked to, but no day", async () => {
    await nominatim.addFault({ kind: "http429", retryAfterS: 60, times: 1 });
    await nominatim.addFault({ kind: "http429", retryAfterS: 86_400 });
    await stub.want([cell(0)]);
    await pass(2_000);
    const first = (await stub.figures()).pausedUntil - nowMs;
    expect(first).toBeGreaterThanOrEqual(60_000);
    await pass(first);
    const second = (await stub.figures()).pausedUntil - nowMs;
    expect(second).toBeGreaterThanOrEqual(3_600_000);
    expect(second).toBeLessThanOrEqual(4_500_000);
  });

  it("does not hang on an answer that never comes, nor lets the others wait for it", async () => {
    await nominatim.addFault({ kind: "slow", times: 1 });
    await stub.want(cellsOf(2));
    await pass(2_000);
    expect(await stub.figures()).toMatchObject({ asked: 1, failed: 1, waiting: 2 });
    for (let request = 0; request < 2; request++) await pass(5_000);
    expect(await askedFor()).toEqual([cell(1).lat, cell(0).lat, cell(1).lat]);
    expect(await stub.figures()).toMatchObject({ answered: 2, waiting: 0 });
  });

  it.each(["http400", "html", "truncated-json", "huge", "redirect"] as const)(
    "gives a cell up after three answers like %s, and leaves it alone for a day",
    async (kind) => {
      await nominatim.addFault({ kind, times: 1 });
      await stub.want([{ ...cell(0), atMs: nowMs }, cell(1)]);
      await pass(2_000);
      // The other one does not wait behind it.
      await pass(5_000);
      expect(await askedFor()).toEqual([cell(0).lat, cell(1).lat]);
      await nominatim.addFault({ kind, times: 2 });
      for (let tries = 0; tries < 2; tries++) await pass(60_000);
      expect(await stub.figures()).toMatchObject({
        ...{ asked: 4, answered: 1, failed: 3, dropped: 1, waiting: 0 },
      });
      await stub.want([cell(0)]);
      await pass(23 * 3_600_000);
      expect(await stub.figures()).toMatchObject({ asked: 4, waiting: 0 });
      await pass(2 * 3_600_000);
      await stub.want([cell(0)]);
      await pass(2_000);
      expect(await stub.figures()).toMatchObject({ asked: 5, answered: 2 });
    },
    20_000,
  );
});
