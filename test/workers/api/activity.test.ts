import { beforeAll, describe, expect, it } from "vitest";
import { database, newImei } from "../writer/deliver.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle } from "./fleet.ts";
import { at, drive, type Step, stand, storeFixes, told } from "./track/ways.ts";

const ROUTE = "/v1/vehicles/{imei}/activity";
const SPAN = { from: at(0), to: at(86_400) };

interface Activity {
  imei: string;
  from: string;
  to: string;
  movingS: number;
  idlingS: number;
  parkedS: number;
  unknownS: number;
  maxSpeedKmh: number | null;
  stretches: { state: string; from: string; to: string }[];
}

let get: Awaited<ReturnType<typeof reader>>;

beforeAll(async () => {
  get = await reader();
});

const path = (imei: string, values: Record<string, string> = {}) =>
  `/v1/vehicles/${imei}/activity${query({ ...SPAN, ...values })}`;

const activity = async (imei: string, values: Record<string, string> = {}) =>
  expectDocumented<Activity>(ROUTE, await get(path(imei, values)));

async function vehicleOn(steps: Step[], fix: object = {}, device: object = {}): Promise<string> {
  const imei = newImei();
  await addVehicle(imei, { device_name: "KDA 001A", ...device });
  await storeFixes(imei, steps, fix);
  return imei;
}

/** A drive, a stand, an hour without a fix that ends far away, a drive. */
const DAY = [...drive(100, 0, 30), ...stand(400, 3_000, 60), ...drive(4_600, 90_000, 3)];

const brief = ({ stretches }: Activity) =>
  stretches.map(({ state, from, to }) => [state, Date.parse(from), Date.parse(to)]);

const stretch = (state: string, fromS: number, toS: number) => [
  ...[state, Date.parse(at(fromS)), Date.parse(at(toS))],
];

describe("GET /v1/vehicles/{imei}/activity, happy", () => {
  it("tells a day without a hole, and adds it up", async () => {
    const told24h = await activity(await vehicleOn(DAY, { ignition: true }));
    expect(brief(told24h)).toEqual([
      stretch("unknown", 0, 100),
      stretch("moving", 100, 400),
      stretch("idling", 400, 990),
      stretch("unknown", 990, 4_600),
      stretch("moving", 4_600, 4_620),
      stretch("unknown", 4_620, 86_400),
    ]);
    expect(told24h).toMatchObject({
      ...{ from: told(0), to: told(86_400), maxSpeedKmh: 36 },
      ...{ movingS: 320, idlingS: 590, parkedS: 0, unknownS: 85_490 },
    });
  });

  it("is parked where the ignition is off or nobody told", async () => {
    for (const fix of [{ ignition: false }, {}]) {
      const { idlingS, parkedS } = await activity(await vehicleOn(DAY, fix));
      expect([idlingS, parkedS]).toEqual([0, 590]);
    }
  });

  it("cuts what reaches beyond the span", async () => {
    const part = await activity(await vehicleOn(DAY), { from: at(200), to: at(500) });
    expect(brief(part)).toEqual([stretch("moving", 200, 400), stretch("parked", 400, 500)]);
    expect(part.movingS + part.parkedS).toBe(300);
  });

  it("adds up to the span that it tells, also where that begins or ends within a second", async () => {
    const imei = await vehicleOn([...drive(100, 0, 30), ...stand(400.6, 3_000, 60)]);
    for (const [from, to] of [
      [99.4, 100.9],
      [99.6, 400.5],
      [99.4, 401.6],
      [399.9, 990.5],
    ] as const) {
      const part = await activity(imei, { from: at(from), to: at(to) });
      const sum = part.movingS + part.idlingS + part.parkedS + part.unknownS;
      expect([from, to, sum]).toEqual([from, to, Math.floor(to) - Math.floor(from)]);
      expect(Date.parse(part.to) - Date.parse(part.from)).toBe(sum * 1_000);
    }
  });

  it("is parked on while it is heard of with the ignition off, and unknown after", async () => {
    const imei = await vehicleOn(DAY);
    await database()`
      insert into tracksolid.live_positions (imei, contact_at, ignition, changed_at)
      values (${imei}, ${at(9_000)}, false, ${at(9_000)})`;
    expect(brief(await activity(imei)).slice(-2)).toEqual([
      // Two minutes under way at its last fix: where it stands, and since when, nobody knows.
      stretch("moving", 4_600, 4_620),
      stretch("unknown", 4_620, 86_400),
    ]);
    const stood = await vehicleOn(DAY.slice(0, 90));
    await database()`
      insert into tracksolid.live_positions (imei, contact_at, ignition, changed_at)
      values (${stood}, ${at(9_000)}, false, ${at(9_000)})`;
    expect(brief(await activity(stood)).slice(-2)).toEqual([
      stretch("parked", 400, 9_000),
      stretch("unknown", 9_000, 86_400),
    ]);
  });

  it("is unknown as a whole without a fix, and ends now", async () => {
    const imei = await vehicleOn([]);
    expect(brief(await activity(imei))).toEqual([stretch("unknown", 0, 86_400)]);
    const before = Date.now();
    const now = await activity(imei, {
      from: new Date(before - 60_000).toISOString(),
      to: new Date(before + 3_600_000).toISOString(),
    });
    expect(Date.parse(now.to)).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(now.to)).toBeLessThanOrEqual(Date.now());
    const [from, to] = [before + 3_600_000, before + 7_200_000].map((ms) => new Date(ms).toISOString());
    const later = await activity(imei, { from: from ?? "", to: to ?? "" });
    expect([later.stretches, later.unknownS]).toEqual([[], 0]);
  });

  it("is told of vehicles that are hidden on maps, and may not be kept", async () => {
    const imei = await vehicleOn(DAY, {}, { hidden_on_map: true });
    const response = await get(path(imei));
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(((await response.json()) as Activity).movingS).toBe(320);
  });
});

describe("GET /v1/vehicles/{imei}/activity, error", () => {
  it.each([
    [{ from: "yesterday" }, "from: must be an instant"],
    [{ to: "2026-08-04" }, "to: must be an instant"],
    [{ from: SPAN.to }, "from: must be before to"],
    [{ from: "2026-07-27T05:59:59Z" }, "from: must be at most 8 days before to"],
  ])("refuses %j", async (values, detail) => {
    const imei = await vehicleOn([]);
    expect(await expectProblem(await get(path(imei, values)), "invalid_request")).toContain(detail);
  });

  it("is not there for a vehicle nobody knows, or one that is none", async () => {
    for (const imei of [newImei(), await vehicleOn(DAY, {}, { kind: "canary" })]) {
      await expectProblem(await get(path(imei)), "not_found");
    }
  });

  it("is a problem while the database is away", async () => {
    const away = { connectionString: "postgres://nobody:x@127.0.0.1:1/none" };
    const answer = await askConfigured({ DB_READ: away, OPEN_READS: "1" }, path("860000000000001"));
    await expectProblem(answer, "database_unavailable");
  });
});

describe("GET /v1/vehicles/{imei}/activity, security", () => {
  it.each(["'; drop table tracksolid.devices; --", "$1", "{}", "🚚"])("refuses %j", async (attack) => {
    const imei = await vehicleOn([]);
    for (const name of ["from", "to"])
      await expectProblem(await get(path(imei, { [name]: attack })), "invalid_request");
    await expectProblem(await get(path(encodeURIComponent(attack))), "invalid_request");
  });

  it("shows nothing without a key", async () => {
    await expectProblem(await ask(path("860000000000001")), "key_required");
  });
});
