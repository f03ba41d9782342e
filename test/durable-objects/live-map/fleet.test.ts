import { describe, expect, it } from "vitest";
import { at, changed, NOW_MS, newFleet, page, position, registry } from "./rows.ts";

const A = "860000000000001";
const B = "860000000000002";
const C = "860000000000003";

describe("taking rows", () => {
  it("shows a vehicle once its device is known, whichever half came first", () => {
    const { fleet } = newFleet();
    fleet.take({ registries: [], positions: [position(A, changed(-5))] }, NOW_MS);
    expect(fleet.shown()).toEqual([]);
    expect(fleet.version).toBe(0);
    fleet.take({ registries: [registry(A, changed(-6))], positions: [] }, NOW_MS);
    expect(fleet.shown()).toMatchObject([{ imei: A, status: "moving", position: { lat: -1.28 } }]);
    expect(fleet.version).toBe(1);
  });

  it("makes one version of everything that comes at once, and announces it", () => {
    const { fleet, announced } = newFleet();
    fleet.take(
      {
        registries: [registry(B, changed(0)), registry(A, changed(0))],
        positions: [position(A, changed(0)), position(B, changed(0))],
      },
      NOW_MS,
    );
    expect([fleet.version, announced()]).toEqual([1, 1]);
    expect(fleet.shown().map(({ imei }) => imei)).toEqual([A, B]);
  });

  it("takes no notice of a row that comes twice", () => {
    const { fleet, announced } = newFleet();
    const facts = { registries: [registry(A, changed(0))], positions: [position(A, changed(0))] };
    fleet.take(facts, NOW_MS);
    fleet.take(facts, NOW_MS);
    expect([fleet.version, announced()]).toEqual([1, 1]);
  });

  it("keeps the later of two rows in whatever order they come", () => {
    const rows = [1, 2, 3].map((second) => position(A, changed(second), { lat: second }));
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      const { fleet } = newFleet();
      fleet.take({ registries: [registry(A, changed(0))], positions: [] }, NOW_MS);
      for (const index of order) fleet.take({ registries: [], positions: [rows[index] as never] }, NOW_MS);
      expect(fleet.shown()[0]?.position?.lat).toBe(3);
    }
  });

  it("makes no version of what clients do not see", () => {
    const { fleet } = newFleet();
    fleet.take({ registries: [registry(A, changed(0))], positions: [position(A, changed(0))] }, NOW_MS);
    fleet.take({ registries: [registry(A, changed(9))], positions: [position(A, changed(9))] }, NOW_MS);
    fleet.take(
      { registries: [registry(B, changed(9), { shown: false })], positions: [position(B, changed(9))] },
      NOW_MS,
    );
    expect(fleet.version).toBe(1);
  });

  it("tells a change of the registry from a move", () => {
    const { fleet } = newFleet();
    fleet.take({ registries: [registry(A, changed(0))], positions: [position(A, changed(0))] }, NOW_MS);
    fleet.take({ registries: [], positions: [position(A, changed(1), { lat: 1 })] }, NOW_MS);
    expect(fleet.changedSince(1)).toMatchObject([{ changedIn: 2, registryIn: 1 }]);
    fleet.take({ registries: [registry(A, changed(2), { driver: "Zoë" })], positions: [] }, NOW_MS);
    expect(fleet.changedSince(2)).toMatchObject([{ changedIn: 3, registryIn: 3 }]);
  });

  it("lists a hidden vehicle as changed, and sends everything when it is shown again", () => {
    const { fleet } = newFleet();
    fleet.take({ registries: [registry(A, changed(0))], positions: [position(A, changed(0))] }, NOW_MS);
    fleet.take({ registries: [registry(A, changed(1), { shown: false })], positions: [] }, NOW_MS);
    expect(fleet.shown()).toEqual([]);
    expect(fleet.changedSince(1)).toMatchObject([{ imei: A, changedIn: 2 }]);
    fleet.take({ registries: [registry(A, changed(2))], positions: [] }, NOW_MS);
    expect(fleet.changedSince(2)).toMatchObject([{ changedIn: 3, registryIn: 3, position: { lat: -1.28 } }]);
  });
});

describe("taking a whole page", () => {
  const load = () => {
    const { fleet } = newFleet();
    const imeis = [A, B, C];
    fleet.take(
      {
        registries: imeis.map((imei) => registry(imei, changed(-600))),
        positions: imeis.map((imei) => position(imei, changed(-600))),
      },
      NOW_MS,
    );
    return fleet;
  };

  it("forgets what it lacks", () => {
    const fleet = load();
    const rest = [A, C];
    fleet.takeWhole(
      page(
        rest.map((imei) => registry(imei, changed(-600))),
        [position(C, changed(-600))],
      ),
      "",
      fleet.takes,
      NOW_MS,
    );
    expect(fleet.shown()).toMatchObject([
      { imei: A, position: null, status: "unknown" },
      { imei: C, status: "moving" },
    ]);
    expect(fleet.changedSince(1).map(({ imei }) => imei)).toEqual([A, B]);
    expect(fleet.counts).toEqual({ registries: 2, positions: 1 });
  });

  it("forgets nothing outside of its IMEIs", () => {
    const fleet = load();
    fleet.takeWhole(page([], [], { next: B }), A, fleet.takes, NOW_MS);
    expect(fleet.shown().map(({ imei }) => imei)).toEqual([A, C]);
  });

  it("keeps what was written while it was read", () => {
    const fleet = load();
    const readFrom = fleet.takes;
    fleet.take(
      { registries: [registry(C, changed(-1))], positions: [position(A, changed(-1), { lat: 5 })] },
      NOW_MS,
    );
    fleet.takeWhole(
      page([registry(A, changed(-600)), registry(B, changed(-600))], [position(A, changed(-600))]),
      "",
      readFrom,
      NOW_MS,
    );
    expect(fleet.shown().map(({ imei }) => imei)).toEqual([A, B, C]);
    expect(fleet.shown()[0]?.position?.lat).toBe(5);
  });

  it("believes it against a row that was there before and claims to be later", () => {
    const fleet = load();
    fleet.takeWhole(
      page([registry(A, changed(-900), { driver: "by hand" })], [position(A, changed(-900), { lat: 7 })]),
      "",
      fleet.takes,
      NOW_MS,
    );
    expect(fleet.shown()).toMatchObject([{ imei: A, registry: { driver: "by hand" }, position: { lat: 7 } }]);
  });
});

describe("time alone", () => {
  it("flips a status when it is due, as a version of its own", () => {
    const { fleet, announced } = newFleet();
    fleet.take({ registries: [registry(A, changed(0))], positions: [position(A, changed(0))] }, NOW_MS);
    const flipsAtMs = Date.parse(at(-10)) + 600_000 + 1;
    expect(fleet.flipsAtMs).toBe(flipsAtMs);
    fleet.settle(flipsAtMs - 1);
    expect([fleet.version, announced(), fleet.shown()[0]?.status]).toEqual([1, 1, "moving"]);
    fleet.settle(flipsAtMs);
    expect([fleet.version, announced(), fleet.shown()[0]?.status]).toEqual([2, 2, "unknown"]);
    expect(fleet.changedSince(1)).toMatchObject([{ imei: A, registryIn: 1 }]);
    fleet.settle(fleet.flipsAtMs);
    expect(fleet.shown()[0]?.status).toBe("silent");
    expect(fleet.flipsAtMs).toBe(Infinity);
  });

  it("does not wait for vehicles that nobody sees", () => {
    const { fleet } = newFleet();
    fleet.take({ registries: [], positions: [position(A, changed(0))] }, NOW_MS);
    expect(fleet.flipsAtMs).toBe(Infinity);
  });
});

it("restores what it stored", () => {
  const { fleet } = newFleet();
  fleet.take(
    { registries: [registry(A, changed(0)), registry(B, changed(0))], positions: [position(A, changed(0))] },
    NOW_MS,
  );
  fleet.take({ registries: [], positions: [position(B, changed(1))] }, NOW_MS);
  const again = newFleet();
  again.fleet.restore(fleet.version, JSON.parse(JSON.stringify(fleet.stored())));
  expect(again.fleet.stored()).toEqual(fleet.stored());
  expect(again.fleet.counts).toEqual(fleet.counts);
  expect(again.fleet.changedSince(1)).toMatchObject([{ imei: B, changedIn: 2, status: "moving" }]);
  expect(again.announced()).toBe(0);

  // Time went on meanwhile, also where the database is away.
  again.fleet.settle(NOW_MS + 3_600_000);
  expect(again.fleet.shown().map(({ status }) => status)).toEqual(["unknown", "unknown"]);
});
