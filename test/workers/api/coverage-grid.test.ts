import { beforeAll, describe, expect, it } from "vitest";
import { database } from "../writer/deliver.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addFleet, insert } from "./facts.ts";
import { addVehicle, imeis } from "./fleet.ts";

interface Grid {
  from: string;
  to: string;
  vehicles: Record<"imei" | "gapsOpen" | "gapsFilled" | "gapsNone", unknown[]>;
  cells: Record<"vehicle" | "place" | "haveS" | "recoveredS" | "missingS", number[]>;
  leftOut: number;
}

const DAY = "2026-06-02";

let fleet: Awaited<ReturnType<typeof addFleet>>;
let get: Awaited<ReturnType<typeof reader>>;
let retired: string;

const path = (values: Record<string, string>) =>
  `/v1/coverage/grid${query({ from: `${DAY}T05:30:00Z`, to: `${DAY}T23:10:00Z`, account: fleet.account, ...values })}`;

async function read(values: Record<string, string> = {}): Promise<Grid> {
  return expectDocumented("/v1/coverage/grid", await get(path(values)));
}

async function hour(imei: string, at: string, missingS: number): Promise<void> {
  await database()`
    insert into reporting.coverage_hours (imei, hour, have_s, recovered_s, missing_s)
    values (${imei}, ${at}, 2400, 600, ${missingS})`;
}

beforeAll(async () => {
  get = await reader();
  fleet = await addFleet();
  [retired = ""] = imeis(1);
  await addVehicle(retired, { account: fleet.account, enabled: false });
  await hour(fleet.truck, `${DAY}T07:00:00Z`, 600);
  // In Nairobi it is the next day already.
  await hour(fleet.truck, `${DAY}T21:00:00Z`, 300);
  await hour(fleet.truck, `${DAY}T04:00:00Z`, 300);
  await hour(fleet.van, `${DAY}T05:00:00Z`, 0);
  await hour(fleet.canary, `${DAY}T07:00:00Z`, 600);
  await insert("coverage_gaps", [
    {
      imei: fleet.truck,
      gap_from: `${DAY}T07:10:00Z`,
      gap_to: `${DAY}T07:20:00Z`,
      reason: "moved",
      state: "open",
      found_at: `${DAY}T12:00:00Z`,
    },
  ]);
});

describe("GET /v1/coverage/grid, happy", () => {
  it("has every vehicle and its hours in columns, the one that misses most first", async () => {
    const { truck, van, hidden } = fleet;
    expect(await read()).toMatchObject({
      ...{ from: `${DAY}T05:00:00Z`, to: "2026-06-03T00:00:00Z", by: "hour", leftOut: 0 },
      vehicles: { imei: [truck, van, hidden], gapsOpen: [1, 0, 0], gapsFilled: [0, 0, 0] },
      cells: {
        ...{ vehicle: [0, 0, 1], place: [2, 16, 0] },
        ...{ haveS: [2400, 2400, 2400], recoveredS: [600, 600, 600], missingS: [600, 300, 0] },
      },
    });
  });

  it("adds up days of the fleet's zone", async () => {
    const { cells } = await read({ by: "day", from: "2026-06-01T21:00:00Z", to: "2026-06-03T21:00:00Z" });
    expect(cells).toEqual({
      ...{ vehicle: [0, 0, 1], place: [0, 1, 0] },
      ...{ haveS: [4800, 2400, 2400], recoveredS: [1200, 600, 600], missingS: [900, 300, 0] },
    });
  });

  it("finds by filters, and shows one out of service only where something is known of it", async () => {
    expect((await read({ city: "Nairobi" })).vehicles.imei).toEqual([fleet.van, fleet.hidden]);
    expect((await read({ account: "nobody" })).vehicles.imei).toEqual([]);
    await hour(retired, `${DAY}T08:00:00Z`, 3_600);
    expect((await read()).vehicles.imei[0]).toBe(retired);
  });

  it("answers 304 to whoever has it, and anew when an hour came", async () => {
    const first = await get(path({ imei: fleet.hidden }));
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const again = () => get(path({ imei: fleet.hidden }), { headers: { "if-none-match": etag } });
    expect((await again()).status).toBe(304);
    await hour(fleet.hidden, `${DAY}T09:00:00Z`, 0);
    expect((await again()).status).toBe(200);
  });
});

describe("GET /v1/coverage/grid, error", () => {
  it.each([
    [{ from: "2026-06-03T00:00:00Z" }, "from: must be before to"],
    [{ from: "2026-05-30T00:00:00Z" }, "from: must be at most 2 days before to"],
    [{ from: "2026-04-30T00:00:00Z", by: "day" }, "from: must be at most 31 days before to"],
    [{ from: "yesterday" }, "from: must be an instant"],
    [{ by: "minute" }, "by"],
    [{ imei: "x" }, "imei"],
    [{ city: "a\0b" }, "city"],
  ])("refuses %j", async (values, detail) => {
    const refused = await expectProblem(await get(path(values as Record<string, string>)), "invalid_request");
    expect(refused).toContain(detail);
  });
});

describe("GET /v1/coverage/grid, security", () => {
  it("takes an attack for a text", async () => {
    expect((await read({ city: "'; delete from tracksolid.devices; --" })).vehicles.imei).toEqual([]);
  });

  it("shows nothing without a key", async () => {
    await expectProblem(await ask("/v1/coverage/grid"), "key_required");
  });
});
