import { parse } from "csv-parse/sync";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, expect, it } from "vitest";
import { gpxOf } from "../../../scripts/export/gpx.ts";
import { type Exports, fillTracks, HOSTILE, ONE, openExports, TWO } from "./fleet.ts";

let exports: Exports;
beforeAll(async () => {
  exports = await openExports();
  await fillTracks(exports.database.sql);
});
afterAll(() => exports[Symbol.asyncDispose]());

it("is a line for each way and day of a vehicle, cut where nobody knows the way", async () => {
  await exports.toFile("track.geojson", "track");
  const { features } = JSON.parse(await exports.read("track.geojson"));
  expect(features).toEqual([
    {
      type: "Feature",
      geometry: {
        type: "LineString",
        coordinates: [
          [36.8, -1.3],
          [36.8, -1.301],
          [36.8, -1.302],
        ],
      },
      properties: {
        ...{ imei: ONE, name: HOSTILE, plate: "KAA 001A", day: "2026-10-01", segment: 1, fixes: 3 },
        ...{ from: "2026-10-01T20:50:00Z", to: "2026-10-01T20:59:50Z" },
        coordinateProperties: {
          times: ["2026-10-01T20:50:00Z", "2026-10-01T20:50:10.123Z", "2026-10-01T20:59:50Z"],
        },
      },
    },
    // A fix alone is no line.
    expect.objectContaining({ geometry: { type: "Point", coordinates: [36.8, -1.303] } }),
    {
      ...{ type: "Feature", geometry: { type: "Point", coordinates: [36.85, -1.35] } },
      properties: expect.objectContaining({ day: "2026-10-02", segment: 2, fixes: 1 }),
    },
    {
      ...{
        type: "Feature",
        geometry: {
          type: "LineString",
          coordinates: [
            [39.66, -4.05],
            [39.66, -4.05],
          ],
        },
      },
      properties: expect.objectContaining({ imei: TWO, name: null, segment: 1, fixes: 2 }),
    },
  ]);
});

it("is a GPX track for each vehicle and day, a segment for each way", async () => {
  await exports.toFile("track.gpx", "track");
  const text = await exports.read("track.gpx");
  expect(XMLValidator.validate(text)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    isArray: (name) => /^trk/.test(name),
    parseTagValue: false,
  });
  const { gpx } = parser.parse(text);
  expect(gpx).toMatchObject({ "@_version": "1.1", "@_xmlns": "http://www.topografix.com/GPX/1/1" });
  expect(gpx.trk.map(({ name, desc }: Record<string, unknown>) => [name, desc])).toEqual([
    [`<&"'>\uFFFD =1+1 2026-10-01`, `IMEI ${ONE}`],
    [`<&"'>\uFFFD =1+1 2026-10-02`, `IMEI ${ONE}`],
    [`${TWO} 2026-10-01`, `IMEI ${TWO}`],
  ]);
  expect(gpx.trk[0].trkseg).toEqual([
    {
      trkpt: [
        { "@_lat": "-1.3", "@_lon": "36.8", ele: "1661.5", time: "2026-10-01T20:50:00Z" },
        { "@_lat": "-1.301", "@_lon": "36.8", time: "2026-10-01T20:50:10.123Z" },
        { "@_lat": "-1.302", "@_lon": "36.8", time: "2026-10-01T20:59:50Z" },
      ],
    },
  ]);
  expect(gpx.trk[1].trkseg).toHaveLength(2);
});

it("is GPX without exponents at the equator and at Greenwich", async () => {
  const rows = [
    [ONE, "2026-10-01", "1", "2026-10-01 06:00:00+00", "5e-05", "-1.2e-06", null, null, "0", null],
  ];
  const batches = (async function* () {
    yield rows;
  })();
  let text = "";
  for await (const part of gpxOf(batches, new Map())) text += part;
  expect(text).toContain('<trkpt lat="0.000050000000" lon="-0.000001200000"><ele>0</ele>');
});

it("has its fixes as rows, of the vehicles and the span that were asked for", async () => {
  const words = ["--imei", ONE, "--from", "2026-10-02", "--to", "2026-10-01T22:00Z"];
  await exports.toFile("track.csv", "track", ...words);
  expect(parse(await exports.read("track.csv"), { columns: true })).toEqual([
    {
      ...{
        imei: ONE,
        day: "2026-10-02",
        segment: "1",
        gps_time: "2026-10-01T21:00:00Z",
        lat: "-1.303",
        lng: "36.8",
      },
      ...{ speed_kmh: "", heading_deg: "", altitude_m: "", ignition: "" },
    },
  ]);
});

it("is whole where there is nothing", async () => {
  for (const format of ["gpx", "geojson"]) {
    await exports.toFile(`none.${format}`, "track", "--to", "2026-01-01");
  }
  expect(XMLValidator.validate(await exports.read("none.gpx"))).toBe(true);
  expect(JSON.parse(await exports.read("none.geojson"))).toEqual({ type: "FeatureCollection", features: [] });
});

it("takes spans of instants and of days, by the column of the key or the one that is named", async () => {
  const { sql } = exports.database;
  await sql`
    insert into tracksolid.services (imei, serviced_on) select ${ONE}, day::date
    from generate_series(date '2026-10-01', date '2026-10-03', interval '1 day') day`;
  await exports.toFile(
    "history.csv",
    "position_history",
    "--from",
    "2026-10-02",
    "--imei",
    ONE,
    "--imei",
    ONE,
  );
  expect(parse(await exports.read("history.csv"), { columns: true })).toHaveLength(2);
  await exports.toFile("received.csv", "position_history", "--by", "received_at", "--from", "2026-10-02");
  expect(parse(await exports.read("received.csv"), { columns: true })).toHaveLength(0);
  await exports.toFile("days.csv", "services", "--from", "2026-10-02", "--to", "2026-10-03");
  expect(parse(await exports.read("days.csv"), { columns: true })).toMatchObject([
    { serviced_on: "2026-10-02" },
  ]);
});
