import fc from "fast-check";
import { describe, expect, it } from "vitest";
import selectPage from "#sql/workers/api/track/page.sql";
import { database, newImei } from "../../writer/deliver.ts";
import { at, drive, START_MS, type Step, stand, storeFixes, tell } from "./ways.ts";

interface Told {
  lines: string;
  stops: { number: number; from: string; to: string; durationS: number; lat: number }[];
  pages: number;
}

/** Reads a way in pages of a size, its lines in a form. */
async function readWay(imei: string, perPage: number, form = "csv", toleranceM = 0): Promise<Told> {
  const sql = database();
  const read: Told = { lines: "", stops: [], pages: 0 };
  let began: string | null = "{}";
  while (began !== null) {
    const span = [at(-1), at(10_000_000)];
    const [page]: { lines: string | null; stops: string | null; ended: string | null }[] = await sql.unsafe(
      selectPage,
      [imei, ...span, perPage, began, toleranceM, form, 600, 300, 3],
      { prepare: true },
    );
    read.lines += (page?.lines ?? "") + (form === "geojson" && page?.lines ? "," : "");
    read.stops.push(...JSON.parse(page?.stops ?? "[]"));
    read.pages += 1;
    began = page?.ended ?? null;
    expect(read.pages).toBeLessThan(2_000);
  }
  return read;
}

const secondsOf = (iso: string) => (Date.parse(iso) - START_MS) / 1_000;

/** What the rows of the file say: the fixes of each segment, and of each stop. */
function segmentsOf(csv: string) {
  const rows = csv
    .split("\r\n")
    .filter(Boolean)
    .map((line) => line.split(","));
  const by = (column: number) => {
    const groups = new Map<string, number[]>();
    for (const row of rows) {
      const key = row[column] ?? "";
      if (key !== "") groups.set(key, [...(groups.get(key) ?? []), secondsOf(row[0] ?? "")]);
    }
    return [...groups];
  };
  return {
    segments: by(8).map(([, seconds]) => seconds),
    stops: by(9).map(([number, seconds]) => [Number(number), seconds[0], seconds.at(-1)]),
  };
}

/** A way of drives, stands and holes. */
const ways: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("drive", "stand", "stand", "hole"),
      steps: fc.integer({ min: 1, max: 45 }),
      holeS: fc.constantFrom(400, 600, 601, 3_600),
      holeM: fc.constantFrom(0, 150, 199, 250),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((parts) => {
    const steps: Step[] = [];
    let [s, m] = [0, 0];
    for (const { kind, steps: count, holeS, holeM } of parts) {
      if (kind === "hole") [s, m] = [s + holeS, m + holeM];
      else {
        const part = kind === "drive" ? drive(s, m, count) : stand(s, m, count);
        steps.push(...part);
        [s, m] = [s + count * 10, part.at(-1)?.m ?? m];
      }
    }
    return steps;
  });

describe("a way in pages", () => {
  it("is the same whatever their size, and as the plainest words tell it", async () => {
    await fc.assert(
      fc.asyncProperty(ways, fc.constantFrom(2, 3, 7, 40, 1_000), async (steps, perPage) => {
        const imei = newImei();
        await storeFixes(imei, steps);
        const truth = tell(steps);
        const read = await readWay(imei, perPage);
        const csv = segmentsOf(read.lines);
        expect(csv.segments).toEqual(truth.segments);
        // A page that is smaller than a short stand cannot wait for its end.
        if (perPage < 40) return;
        expect(read.stops.map(({ from, to }) => [secondsOf(from), secondsOf(to)])).toEqual(
          truth.stops.map(([fromS, toS]) => [fromS, toS]),
        );
        expect(read.stops.map(({ number }) => number)).toEqual(truth.stops.map((_, n) => n + 1));
        expect(csv.stops).toEqual(truth.stops.map(([fromS, toS], n) => [n + 1, fromS, toS]));
        for (const [n, stop] of read.stops.entries()) {
          expect(stop.lat).toBeCloseTo(-1.3 + (truth.stops[n]?.[2] ?? 0) / 111_320, 6);
          expect(stop.durationS).toBe(secondsOf(stop.to) - secondsOf(stop.from));
        }
      }),
      { seed: 20260115, numRuns: 40 },
    );
  });

  it("draws each step of a segment once, and no line over a gap", async () => {
    await fc.assert(
      fc.asyncProperty(ways, fc.constantFrom(2, 3, 7, 40), async (steps, perPage) => {
        const imei = newImei();
        await storeFixes(imei, steps);
        const { lines } = await readWay(imei, perPage, "geojson");
        const features: { geometry: { type: string }; properties: { kind: string; coordTimes: string[] } }[] =
          JSON.parse(`[${lines.replace(/,$/, "")}]`);
        const drawn = features.flatMap(({ properties: { coordTimes } }) =>
          coordTimes.slice(1).map((time, n) => [secondsOf(coordTimes[n] ?? ""), secondsOf(time)]),
        );
        const { segments } = tell(steps);
        expect(drawn).toEqual(segments.flatMap((all) => all.slice(1).map((s, n) => [all[n], s])));
        const alone = features.filter(({ geometry }) => geometry.type === "Point");
        expect(alone.map(({ properties }) => properties.coordTimes.map(secondsOf))).toEqual(
          segments.filter((all) => all.length === 1),
        );
      }),
      { seed: 20260116, numRuns: 25 },
    );
  });

  it("keeps the ends of stops, of segments and of pages when it leaves out fixes", async () => {
    const imei = newImei();
    const steps = [
      ...drive(0, 0, 60),
      ...stand(600, 6_000, 40),
      ...drive(1_000, 6_000, 60),
      ...drive(9_000, 40_000, 60),
    ];
    await storeFixes(imei, steps);
    const kept = (csv: string) => segmentsOf(csv).segments;
    expect(kept((await readWay(imei, 5_000, "csv", 20)).lines)).toEqual([
      [0, 590, 600, 990, 1_000, 1_590],
      [9_000, 9_590],
    ]);
    const [first = [], second = []] = kept((await readWay(imei, 50, "csv", 20)).lines);
    expect(first).toEqual(expect.arrayContaining([0, 600, 990, 1_000, 1_590]));
    expect([second[0], second.at(-1), first.length < 20]).toEqual([9_000, 9_590, true]);
  });

  it("goes on where a page is nothing but one short stand", async () => {
    const imei = newImei();
    const steps = stand(0, 0, 20).map(({ m, kmh }, n) => ({ s: n, m, kmh }));
    await storeFixes(imei, steps);
    expect(segmentsOf((await readWay(imei, 3)).lines).segments).toEqual([steps.map(({ s }) => s)]);
  });
});
