import { expect, it } from "vitest";
import { database } from "../writer/deliver.ts";

const M_PER_DEG = 111_320;

async function cellAt(lat: number | null, lng: number | null): Promise<string | null> {
  const [row] = await database()`
    select tracksolid.cell_of(${lat}::text::double precision, ${lng}::text::double precision) as cell`;
  return row?.cell;
}

it.each([0.0001, -1.2864, -4.0435, 0.3136, 51.5, -33.9, 89.2, -89.9])(
  "makes cells of 25 m at latitude %s",
  async (lat) => {
    const lng = 36.8172;
    const eastDeg = 25 / M_PER_DEG / Math.cos((lat * Math.PI) / 180);
    const [row = 0, column = 0] = ((await cellAt(lat, lng)) ?? "").split(":").map(Number);
    const north = ((await cellAt(lat + 100.5 * (25 / M_PER_DEG), lng)) ?? "").split(":").map(Number);
    const east = ((await cellAt(lat, lng + 100.5 * eastDeg)) ?? "").split(":").map(Number);
    expect(Math.abs((north[0] ?? 0) - row - 100.5)).toBeLessThanOrEqual(1);
    // A degree of latitude has one width, which near the poles is far from that of its edges.
    if (Math.abs(lat) < 60) expect(Math.abs((east[1] ?? 0) - column - 100.5)).toBeLessThanOrEqual(3);
  },
);

it("puts neighbours into one cell, and what has no place into none", async () => {
  expect(await cellAt(-1.286401, 36.817201)).toBe(await cellAt(-1.286405, 36.817205));
  expect(await cellAt(-1.286401, 36.817201)).not.toBe(await cellAt(-1.2868, 36.817201));
  expect(await cellAt(null, 36.8)).toBeNull();
  expect(await cellAt(-1.28, null)).toBeNull();
});

it("has a cell for every corner of the globe", async () => {
  for (const [lat, lng] of [
    [90, 180],
    [-90, -180],
    [0, 0],
    [-0.00001, -0.00001],
  ] as const) {
    expect(await cellAt(lat, lng)).toMatch(/^-?\d{1,9}:-?\d{1,9}$/);
  }
});
