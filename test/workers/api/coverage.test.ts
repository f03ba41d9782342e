import { beforeAll, describe, expect, it } from "vitest";
import { database } from "../writer/deliver.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addFleet, drives, insert } from "./facts.ts";
import { unique } from "./fleet.ts";

interface Coverage {
  total: { vehicles: number; expectedS: number; haveS: number; recoveredS: number; missingS: number };
  gaps: { open: number; filled: number; none: number };
  vehicles: { imei: string; expectedS: number; gaps: { from: string }[]; hours: { hour: string }[] | null }[];
  next: string | null;
}

const DAY = "2026-06-02";
const [early, late] = [unique("early"), unique("late")];

let fleet: Awaited<ReturnType<typeof addFleet>>;
let get: Awaited<ReturnType<typeof reader>>;

const spanned = (values: Record<string, string>) =>
  query({ from: `${DAY}T00:00:00Z`, to: `${DAY}T23:00:00Z`, account: fleet.account, ...values });

async function read(values: Record<string, string> = {}): Promise<Coverage> {
  return expectDocumented("/v1/coverage", await get(`/v1/coverage${spanned(values)}`));
}

const found = async (values: Record<string, string>) => (await read(values)).vehicles.map(({ imei }) => imei);

/** An hour of the day in which a vehicle was under way, two thirds of it known. */
async function hour(imei: string, at: number): Promise<void> {
  await database()`
    insert into reporting.coverage_hours (imei, hour, have_s, recovered_s, missing_s)
    values (${imei}, ${`${DAY}T${String(at).padStart(2, "0")}:00:00Z`}, 2400, 600, 600)`;
}

const gap = (imei: string, from: string, to: string, state: string) =>
  insert("coverage_gaps", [
    {
      imei,
      gap_from: `${DAY}T${from}Z`,
      gap_to: `${DAY}T${to}Z`,
      reason: "moved",
      state,
      found_at: `${DAY}T12:00:00Z`,
    },
  ]);

beforeAll(async () => {
  get = await reader();
  fleet = await addFleet();
  const { van, hidden, truck, canary } = fleet;
  await drives(van, early, `${DAY}T00:00:00Z`);
  await drives(van, late, `${DAY}T08:30:00Z`);
  await drives(truck, late, `${DAY}T00:00:00Z`);
  for (const imei of [van, hidden, truck, canary]) for (const at of [7, 8, 9]) await hour(imei, at);
  await gap(van, "08:20:00", "08:50:00", "filled");
  await gap(van, "09:10:00", "09:40:00", "open");
  await gap(truck, "07:10:00", "07:40:00", "none");
});

describe("GET /v1/coverage, happy", () => {
  it("adds up what is known of all vehicles, canary devices left out", async () => {
    const { van, hidden, truck } = fleet;
    expect(await read()).toMatchObject({
      total: { vehicles: 3, expectedS: 32_400, haveS: 21_600, recoveredS: 5_400, missingS: 5_400 },
      gaps: { open: 1, filled: 1, none: 1 },
      vehicles: [{ imei: van, expectedS: 10_800 }, { imei: hidden }, { imei: truck }],
      next: null,
    });
  });

  it("finds by each filter", async () => {
    const { van, hidden, truck } = fleet;
    expect(await found({ imei: `${van},${truck}` })).toEqual([van, truck]);
    expect(await found({ city: "Nairobi" })).toEqual([van, hidden]);
    expect(await found({ segment: "food" })).toEqual([truck]);
    expect(await found({ vehicle_type: "truck" })).toEqual([truck]);
    expect(await found({ plate: "kda-001a" })).toEqual([van]);
    expect(await found({ account: "nobody" })).toEqual([]);
  });

  it("counts for a driver the hours and gaps that began while he had the vehicle", async () => {
    const { van, truck } = fleet;
    const first = await read({ driver: early, hours: "true" });
    expect(first).toMatchObject({
      total: { vehicles: 1, expectedS: 7_200 },
      gaps: { open: 0, filled: 1, none: 0 },
    });
    expect(first.vehicles).toMatchObject([
      {
        imei: van,
        gaps: [{ from: `${DAY}T08:20:00Z` }],
        hours: [{ hour: `${DAY}T07:00:00Z` }, { hour: `${DAY}T08:00:00Z` }],
      },
    ]);
    const second = await read({ driver: late, hours: "true" });
    expect(second.vehicles).toMatchObject([
      { imei: van, gaps: [{ from: `${DAY}T09:10:00Z` }], hours: [{ hour: `${DAY}T09:00:00Z` }] },
      { imei: truck, expectedS: 10_800 },
    ]);
    expect((await read({ driver: `${early},${late}` })).total).toMatchObject({
      vehicles: 2,
      expectedS: 21_600,
    });
    expect(await found({ driver: "nobody" })).toEqual([]);
  });

  it("comes to the end in pages, its totals those of all", async () => {
    const { van, hidden, truck } = fleet;
    const seen: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Coverage = await read({ limit: "1", ...(after && { after }) });
      expect(page.total.vehicles).toBe(3);
      seen.push(...page.vehicles.map(({ imei }) => imei));
      after = page.next;
    }
    expect(seen).toEqual([van, hidden, truck]);
  });
});

describe("GET /v1/coverage, error", () => {
  it.each([
    [{ from: "2026-06-03T00:00:00Z" }, "from: must be before to"],
    [{ from: "2016-06-03T00:00:00Z" }, "from: must be at most 92 days before to"],
    [{ from: "2026-05-20T00:00:00Z", hours: "true" }, "from: must be at most 8 days before to"],
    [{ from: "yesterday" }, "from: must be an instant"],
    [{ limit: "1000000000" }, "limit"],
    [{ after: "x" }, "after: must be 14 to 17 digits"],
    [{ driver: "," }, "driver: must not be empty"],
    [{ plate: "a\0b" }, "plate"],
    [{ imei: Array(5_000).fill("860000000000001").join() }, null],
  ])("refuses %j", async (values, detail) => {
    const response = await get(`/v1/coverage${spanned(values)}`);
    if (detail === null) await expectProblem(response, "uri_too_long");
    else expect(await expectProblem(response, "invalid_request")).toContain(detail);
  });
});

describe("GET /v1/coverage, security", () => {
  it.each(["'; delete from tracksolid.devices; --", "') or true --", '"]', "$6", "\\", "{}", "[null]", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const name of ["account", "city", "segment", "vehicle_type", "plate", "driver"]) {
        expect(await found({ [name]: attack })).toEqual([]);
      }
      for (const name of ["imei", "after", "limit", "hours", "from", "to"]) {
        await expectProblem(await get(`/v1/coverage${spanned({ [name]: attack })}`), "invalid_request");
      }
    },
  );

  it("shows nothing without a key", async () => {
    await expectProblem(await ask("/v1/coverage"), "key_required");
  });
});
