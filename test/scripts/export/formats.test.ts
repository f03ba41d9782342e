import { parse } from "csv-parse/sync";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvLines, harmless } from "../../../scripts/export/csv.ts";
import { size } from "../../setup/size.ts";
import { type Exports, openExports } from "./fleet.ts";

let exports: Exports;
beforeAll(async () => {
  exports = await openExports();
  const { sql } = exports.database;
  await sql.unsafe(`
    create type tracksolid.mood as enum ('good', 'ba"d');
    create table tracksolid."Odd ""one" (
      imei text not null, at timestamptz not null, note text, n numeric, big bigint, small smallint, r real, d double precision,
      flag boolean, j jsonb, js json, list text[], span interval, id uuid, local timestamp, day date, mood tracksolid.mood,
      lat double precision, lng double precision, "=a ""b"",c" text,
      primary key (imei, at)
    );
    comment on column tracksolid."Odd ""one".note is 'What it says.';
    grant select on tracksolid."Odd ""one" to dashboard_ro;
    create view tracksolid.many as
      select g as id, 'row ' || g as name, timestamptz '2026-10-01T00:00Z' + g * interval '1 s' as at
      from generate_series(1, ${size(3_000, 2_000_000)}) g;
    grant select on tracksolid.many to dashboard_ro`);
  await sql.unsafe(String.raw`
    insert into tracksolid."Odd ""one" values
      ('1', '2026-10-01T06:00:00.123456Z', E'two\nlines, "quoted"\ttab \\N \\. ж 🚚', 12345678901234567890.123456789, 9007199254740993, -7,
        0.1, 0.30000000000000004, true, '{"a": [1.10, "x\ny"], "b": null}', '{"n": 1.10,  "k": 1}', '{a,"b,c",null}', '1 day 2 hours',
        '0190a5b0-0000-7000-8000-000000000001', '2026-10-01T06:00', '2026-10-01', 'ba"d', -1.3, 36.8, 'x'),
      ('2', 'infinity', '', 'NaN', null, null, 'infinity', 'NaN', false, 'null', '[]', '{}', '-1 s', null, null, '-infinity', 'good',
        'NaN', 36.8, null),
      ('3', '2026-10-02T06:00Z', null, 1.50, -1, 0, -1e-7, 1e300, null, null, null, null, null, null, null, null, null, null, null, '=1+1'),
      ('4', '2026-10-03T06:00Z', '@SUM(A1)', 0, 0, 0, 0, -0.0, null, '-5', null, null, null, null, null, null, null, 0, 0, E'\r')`);
});
afterAll(() => exports[Symbol.asyncDispose]());

const ODD = `tracksolid.Odd "one`;

describe("CSV", () => {
  const rows = async (...words: string[]) => {
    const path = await exports.toFile("odd.csv", ODD, ...words);
    const text = await exports.read(path.split("/").at(-1) ?? "");
    const records: Record<string, string>[] = parse(text, { columns: true });
    return { text, byImei: Object.fromEntries(records.map((record) => [record.imei, record])) };
  };

  it("has every value to its last digit", async () => {
    const { byImei } = await rows("--exact");
    expect(Object.keys(byImei)).toEqual(["1", "2", "3", "4"]);
    expect(byImei[1]).toEqual({
      imei: "1",
      at: "2026-10-01T06:00:00.123456Z",
      note: 'two\nlines, "quoted"\ttab \\N \\. ж 🚚',
      n: "12345678901234567890.123456789",
      ...{ big: "9007199254740993", small: "-7", r: "0.1", d: "0.30000000000000004", flag: "true" },
      ...{ j: '{"a": [1.10, "x\\ny"], "b": null}', js: '{"n": 1.10,  "k": 1}', list: '["a","b,c",null]' },
      ...{ span: "P1DT2H", id: "0190a5b0-0000-7000-8000-000000000001", local: "2026-10-01T06:00:00" },
      ...{ day: "2026-10-01", mood: 'ba"d', lat: "-1.3", lng: "36.8", '=a "b",c': "x" },
    });
    expect(byImei[2]).toMatchObject({
      at: "infinity",
      n: "NaN",
      r: "Infinity",
      d: "NaN",
      flag: "false",
      day: "-infinity",
    });
    expect(byImei[3]).toMatchObject({ n: "1.50", r: "-1e-07", d: "1e+300", '=a "b",c': "=1+1" });
  });

  it("tells nothing from an empty text, and ends lines as RFC 4180 has it", async () => {
    const { text } = await rows();
    const lines = text.split("\r\n");
    expect(lines.at(-1)).toBe("");
    expect(lines.find((line) => line.startsWith("2,"))).toMatch(/^2,infinity,"",NaN,,,/);
    expect(lines.find((line) => line.startsWith("3,"))).toMatch(/^3,2026-10-02T06:00:00Z,,1\.50,/);
  });

  it("lets no spreadsheet calculate a text, and leaves numbers alone", async () => {
    const { byImei } = await rows();
    expect(byImei[3]).toMatchObject({ '\'=a "b",c': "'=1+1", r: "-1e-07" });
    expect(byImei[4]).toMatchObject({ note: "'@SUM(A1)", j: "-5", '\'=a "b",c': "'\r" });
    expect(byImei[1]).toMatchObject({ lat: "-1.3", span: "P1DT2H" });
    expect(byImei[2]).toMatchObject({ span: "PT-1S" });
  });

  it("puts what breaks a line in quotes, whatever system it is of", () => {
    const cells = ["a\nb", "a\rb", "a\r\nb", "plain", null, ""];
    expect(csvLines([cells])).toBe('"a\nb","a\rb","a\r\nb",plain,,""\r\n');
    expect(harmless("\n=1+1")).toBe("'\n=1+1");
  });

  it("has a first line and no other where there are no rows", async () => {
    await exports.toFile("none.csv", ODD, "--imei", "861000000000009");
    expect((await exports.read("none.csv")).split("\r\n")).toEqual([
      expect.stringMatching(/^imei,at,note/),
      "",
    ]);
  });

  it("takes as many rows as there are", async () => {
    const path = await exports.toFile("many.csv", "many");
    const lines = (await exports.read(path.split("/").at(-1) ?? "")).split("\r\n");
    expect(lines.length - 2).toBe(size(3_000, 2_000_000));
    expect(lines.at(-2)).toMatch(/^(\d+),row \1,2026-10-/);
  });
});

describe("Parquet", () => {
  /** Instants keep their microseconds. */
  const parsers = {
    timestampFromMilliseconds: String,
    timestampFromMicroseconds: (micros: bigint) => micros,
    timestampFromNanoseconds: String,
    dateFromDays: (days: number) => days,
    stringFromBytes: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
    geometryFromBytes: String,
    geographyFromBytes: String,
  };
  const read = async (path: string) => {
    const file = await asyncBufferFromFile(path);
    return { rows: await parquetReadObjects({ file, parsers }), metadata: await parquetMetadataAsync(file) };
  };

  it("has every value in its type", async () => {
    const { rows, metadata } = await read(await exports.toFile("odd.parquet", ODD));
    const byImei = Object.fromEntries(rows.map((row) => [row.imei, row]));
    const instant = BigInt(Date.UTC(2026, 9, 1, 6)) * 1_000n;
    expect(byImei[1]).toMatchObject({
      at: instant + 123_456n,
      note: 'two\nlines, "quoted"\ttab \\N \\. ж 🚚',
      ...{ n: 12345678901234567000, big: 9007199254740993n, small: -7, d: 0.30000000000000004, flag: true },
      ...{ span: "P1DT2H", local: instant, day: Date.UTC(2026, 9, 1) / 86_400_000, mood: 'ba"d', lat: -1.3 },
    });
    expect([byImei[1]?.j, byImei[1]?.js]).toEqual([
      '{"a": [1.10, "x\\ny"], "b": null}',
      '{"n": 1.10,  "k": 1}',
    ]);
    expect(byImei[1]?.r).toBeCloseTo(0.1, 7);
    expect(byImei[2]).toMatchObject({
      at: null,
      note: "",
      n: Number.NaN,
      big: null,
      r: Number.POSITIVE_INFINITY,
      d: Number.NaN,
    });
    expect(byImei[3]).toMatchObject({ note: null, n: 1.5, flag: null, lat: null, '=a "b",c': "=1+1" });
    const typeOf = (name: string) => metadata.schema.find((element) => element.name === name);
    expect(typeOf("at")).toMatchObject({
      type: "INT64",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
    });
    expect(typeOf("local")).toMatchObject({ logical_type: { isAdjustedToUTC: false } });
    expect(typeOf("js")).toMatchObject({ type: "BYTE_ARRAY", logical_type: { type: "JSON" } });
    expect(typeOf("day")).toMatchObject({ type: "INT32", converted_type: "DATE" });
    expect(typeOf("r")).toMatchObject({ type: "FLOAT" });
  });

  it("says what it could not hold", async () => {
    const { stderr, stdout } = await exports.run(ODD, "--json", "--out", `${exports.folder}/told.parquet`);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 4, empty: { at: 1, day: 1 }, rounded: { n: 1 } });
    expect(stderr).toContain(
      "at: 1 values have no form in Parquet, such as infinity, and are null. CSV has them.",
    );
    expect(stderr).toContain(
      "n: 1 values have more digits than a double, and are rounded. CSV has them all.",
    );
  });

  it("is a whole file where there are no rows", async () => {
    const { rows, metadata } = await read(
      await exports.toFile("none.parquet", ODD, "--imei", "861000000000009"),
    );
    expect(rows).toEqual([]);
    expect(metadata.schema.length).toBe(21);
  });

  it("takes as many rows as there are", async () => {
    const { metadata } = await read(await exports.toFile("many.parquet", "many"));
    expect(metadata.num_rows).toBe(BigInt(size(3_000, 2_000_000)));
    expect(metadata.row_groups.every(({ num_rows }) => num_rows <= 20_000n)).toBe(true);
  });
});

it("writes rows with a place as GeoJSON, each number to its last digit", async () => {
  await exports.toFile("odd.geojson", ODD);
  const text = await exports.read("odd.geojson");
  const { type, features } = JSON.parse(text);
  expect(type).toBe("FeatureCollection");
  expect(features.map(({ geometry }: { geometry: unknown }) => geometry)).toEqual([
    { type: "Point", coordinates: [36.8, -1.3] },
    null,
    null,
    { type: "Point", coordinates: [0, 0] },
  ]);
  expect(text).toContain('"n":12345678901234567890.123456789,"big":9007199254740993');
  expect(features[0].properties).toMatchObject({
    at: "2026-10-01T06:00:00.123456Z",
    note: 'two\nlines, "quoted"\ttab \\N \\. ж 🚚',
    ...{ flag: true, j: { a: [1.1, "x\ny"], b: null }, list: ["a", "b,c", null], '=a "b",c': "x" },
  });
  expect(features[0].properties).not.toHaveProperty("lat");
  expect(features[1].properties).toMatchObject({
    at: "infinity",
    note: "",
    n: "NaN",
    r: "Infinity",
    d: "NaN",
    j: null,
  });
});

it("writes geometries as they are", async () => {
  const ring = [
    [36.8, -1.3],
    [36.9, -1.3],
    [36.9, -1.2],
    [36.8, -1.3],
  ];
  await exports.database.sql`
    insert into tracksolid.geofences (name, kind, geometry) values ('Yard', 'depot', ${JSON.stringify({ type: "Polygon", coordinates: [ring] })}::text::jsonb)`;
  await exports.toFile("fences.geojson", "tracksolid.geofences");
  const { features } = JSON.parse(await exports.read("fences.geojson"));
  expect(features).toMatchObject([
    { geometry: { type: "Polygon", coordinates: [ring] }, properties: { name: "Yard", radius_m: null } },
  ]);
});

it("lists what there is, with what is said of it", async () => {
  const { stdout } = await exports.run("--list");
  expect(stdout).toMatch(/^track +Ways that vehicles went/);
  expect(stdout).toContain('tracksolid.Odd "one');
  expect(stdout).not.toContain("private.");
  const { stdout: columns } = await exports.run("--list", "--json", ODD);
  expect(JSON.parse(columns)).toMatchObject({
    name: ODD,
    columns: expect.arrayContaining([{ name: "note", what: "What it says." }]),
  });
});
