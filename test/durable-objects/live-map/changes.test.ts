import { describe, expect, it } from "vitest";
import { type Cursor, changesAfter, cursorAt } from "../../../durable-objects/live-map/changes.ts";
import type { Fleet } from "../../../durable-objects/live-map/fleet.ts";
import { at, changed, NOW_MS, newFleet, position, registry, thresholds } from "./rows.ts";

interface Changes {
  reset: boolean;
  version: string | null;
  registry: Record<string, unknown[]>;
  positions: Record<string, unknown[]>;
  removed: string[];
}

const head = (fleet: Fleet) => ({
  version: `b.${fleet.version}`,
  asOf: at(0),
  behindSince: null,
  thresholds,
});

/** A client: what it holds, and where it stands. */
class Client {
  cursor: Cursor = cursorAt(0);
  readonly rows = new Map<unknown, Record<string, unknown>>();
  sizes: number[] = [];

  /** Takes one message, or says that there is none. */
  take(fleet: Fleet): Changes | null {
    const message = changesAfter(fleet, head(fleet), this.cursor);
    if (message === null) return null;
    const changes = JSON.parse(message.text) as Changes;
    if (changes.reset) this.rows.clear();
    for (const columns of [changes.registry, changes.positions]) {
      (columns.imei ?? []).forEach((imei, row) => {
        const values = Object.entries(columns).map(([name, column]) => [name, column[row]]);
        this.rows.set(imei, { ...this.rows.get(imei), ...Object.fromEntries(values) });
      });
    }
    for (const imei of changes.removed) this.rows.delete(imei);
    this.sizes.push((changes.positions.imei ?? []).length + changes.removed.length);
    this.cursor = message.next;
    return changes;
  }

  catchUp(fleet: Fleet): void {
    for (let messages = 0; this.take(fleet) !== null; messages++) {
      if (messages > 100) throw new Error("It never ends");
    }
  }

  /** What a client that began anew would hold. */
  static of(fleet: Fleet): Client {
    const client = new Client();
    client.catchUp(fleet);
    return client;
  }
}

const imeiOf = (index: number) => String(860_000_000_000_000 + index);

function load(fleet: Fleet, vehicles: number): void {
  const imeis = Array.from({ length: vehicles }, (_, index) => imeiOf(index));
  fleet.take(
    {
      registries: imeis.map((imei) => registry(imei, changed(0))),
      positions: imeis.map((imei) => position(imei, changed(0))),
    },
    NOW_MS,
  );
}

describe("a client from nothing", () => {
  it("gets everything in messages of 500, of which the last says the version", () => {
    const { fleet } = newFleet();
    load(fleet, 1_201);
    const client = new Client();
    const messages = [client.take(fleet), client.take(fleet), client.take(fleet)];
    expect(client.sizes).toEqual([500, 500, 201]);
    expect(messages.map((message) => message?.reset)).toEqual([true, false, false]);
    expect(messages.map((message) => message?.version)).toEqual([null, null, "b.1"]);
    expect(client.take(fleet)).toBeNull();
    expect([...client.rows.keys()]).toEqual(fleet.shown().map(({ imei }) => imei));
    expect(client.rows.get(imeiOf(7))).toMatchObject({ name: `name ${imeiOf(7)}`, lat: -1.28, fixAgeS: 10 });
  });

  it("gets an empty fleet as one", () => {
    const { fleet } = newFleet();
    fleet.bump();
    const client = new Client();
    expect(client.take(fleet)).toMatchObject({ reset: true, version: "b.1", removed: [] });
    expect(client.take(fleet)).toBeNull();
  });

  it("is not told of vehicles that are gone", () => {
    const { fleet } = newFleet();
    load(fleet, 3);
    fleet.take({ registries: [registry(imeiOf(1), changed(1), { shown: false })], positions: [] }, NOW_MS);
    expect(new Client().take(fleet)?.removed).toEqual([]);
  });
});

describe("a client that holds a version", () => {
  it("gets what changed since, and the registry only where it did", () => {
    const { fleet } = newFleet();
    load(fleet, 3);
    const client = Client.of(fleet);
    fleet.take(
      {
        registries: [
          registry(imeiOf(0), changed(1), { driver: "new" }),
          registry(imeiOf(2), changed(1), { shown: false }),
        ],
        positions: [position(imeiOf(1), changed(1), { lat: 2 })],
      },
      NOW_MS,
    );
    const message = client.take(fleet);
    expect(message).toMatchObject({ reset: false, version: "b.2", removed: [imeiOf(2)] });
    expect(message?.registry.imei).toEqual([imeiOf(0)]);
    expect(message?.positions.imei).toEqual([imeiOf(0), imeiOf(1)]);
  });

  it("is told of a version in which no vehicle changed", () => {
    const { fleet } = newFleet();
    load(fleet, 1);
    const client = Client.of(fleet);
    fleet.bump();
    expect(client.take(fleet)).toMatchObject({ version: "b.2", removed: [], positions: { imei: [] } });
    expect(client.take(fleet)).toBeNull();
  });

  it("ends with the same picture however the fleet changes between its messages", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const { fleet } = newFleet();
    load(fleet, 1_300);
    const slow = new Client();
    const quick = new Client();
    for (let step = 1; step <= 60; step++) {
      const imeis = Array.from({ length: random(40) }, () => imeiOf(random(1_320)));
      fleet.take(
        {
          registries: imeis
            .filter(() => random(4) === 0)
            .map((imei) => registry(imei, changed(step), { shown: random(3) > 0, driver: `driver ${step}` })),
          positions: imeis.map((imei) =>
            position(imei, changed(step), { lat: random(90), speedKmh: random(60) }),
          ),
        },
        NOW_MS,
      );
      quick.catchUp(fleet);
      if (random(3) === 0) slow.take(fleet);
    }
    slow.catchUp(fleet);
    const anew = Client.of(fleet);
    expect(new Map([...slow.rows].sort())).toEqual(new Map([...anew.rows].sort()));
    expect(new Map([...quick.rows].sort())).toEqual(new Map([...anew.rows].sort()));
    expect(anew.rows.size).toBe(fleet.shown().length);
  });
});
