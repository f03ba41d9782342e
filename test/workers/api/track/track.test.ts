import { beforeAll, describe, expect, it } from "vitest";
import { database, newImei } from "../../writer/deliver.ts";
import { ask, expectProblem, query, reader } from "../caller.ts";
import { askConfigured } from "../configured.ts";
import { expectDocumented } from "../document.ts";
import { addVehicle } from "../fleet.ts";
import { at, drive, LNG, latOf, type Step, stand, storeFixes, told } from "./ways.ts";

const ROUTE = "/v1/vehicles/{imei}/track";
const SPAN = { from: at(0), to: at(86_400) };

let get: Awaited<ReturnType<typeof reader>>;

beforeAll(async () => {
  get = await reader();
});

const track = (imei: string, values: Record<string, string> = {}) =>
  get(`/v1/vehicles/${imei}/track${query({ ...SPAN, ...values })}`);

interface Feature {
  geometry: { type: string; coordinates: unknown };
  properties: Record<string, unknown> & { kind: string };
}

async function featuresOf(imei: string, values: Record<string, string> = {}): Promise<Feature[]> {
  const body = await expectDocumented<{ type: string; features: Feature[] }>(
    ROUTE,
    await track(imei, values),
  );
  expect(body.type).toBe("FeatureCollection");
  return body.features;
}

/** Registers a vehicle that drove these steps. */
async function vehicleOn(steps: Step[], device: object = {}): Promise<string> {
  const imei = newImei();
  await addVehicle(imei, { device_name: "KDA 001A", ...device });
  await storeFixes(imei, steps);
  return imei;
}

/** A drive, a stop, a drive; and after an hour without a fix, far away, one fix alone and then a drive elsewhere. */
const DAY = [
  ...drive(0, 0, 3),
  ...stand(30, 200, 40),
  ...drive(430, 200, 3),
  { s: 5_000, m: 50_000, kmh: null },
  ...drive(9_000, 90_000, 2),
];

/** Complains of a text that is not well-formed XML. */
function checkXml(text: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  for (const [tag, close, name = "", empty] of text.matchAll(
    /<(\/?)([\w:]+)(?:\s+[\w:]+="[^"<&]*")*\s*(\/?)>/g,
  )) {
    if (close) expect([open.pop(), tag]).toEqual([name, tag]);
    else {
      names.push(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  const rest = text.replace(/<\?xml [^>]*\?>/, "").replace(/<\/?[\w:]+(\s+[\w:]+="[^"<&]*")*\s*\/?>/g, "");
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|apos);)/);
  return names;
}

describe("GET /v1/vehicles/{imei}/track, happy", () => {
  it("draws lines that are open where nothing is known, and marks stops", async () => {
    const imei = await vehicleOn(DAY);
    await database()`
      insert into tracksolid.parking_events (imei, start_time, acc, end_time, address, source, raw, reported_until, received_at)
      values (${imei}, ${at(25)}, 'on', ${at(425)}, 'Moi Avenue, Nairobi', 'poll', '{}', ${at(425)}, ${at(425)})`;
    const features = await featuresOf(imei);
    expect(features.map(({ geometry, properties }) => [geometry.type, properties.kind])).toEqual([
      ["LineString", "line"],
      ["Point", "fix"],
      ["LineString", "line"],
      ["Point", "stop"],
    ]);
    const [line, alone, , stop] = features;
    expect(line?.geometry.coordinates).toHaveLength(46);
    expect(line?.properties).toMatchObject({ segment: 1 });
    expect(line?.properties.coordTimes).toEqual(expect.arrayContaining([told(0), told(10), told(450)]));
    expect(JSON.stringify(line?.properties.speedsKmh)).toMatch(/^\[36,36,36,0,1,/);
    expect(alone).toEqual({
      type: "Feature",
      geometry: { type: "Point", coordinates: [LNG, latOf(50_000)] },
      properties: { kind: "fix", segment: 2, coordTimes: [told(5_000)], speedsKmh: [null] },
    });
    expect(stop).toEqual({
      type: "Feature",
      geometry: { type: "Point", coordinates: [LNG, latOf(200)] },
      properties: {
        ...{ kind: "stop", number: 1, from: told(30), to: told(420), durationS: 390 },
        place: "Moi Avenue, Nairobi",
      },
    });
  });

  it("takes a stop's address from its place where no stay tells one", async () => {
    const imei = await vehicleOn(stand(0, 700_123, 40));
    await database()`
      insert into tracksolid.geocode_cache (cell, lat, lng, address, fetched_at)
      values (tracksolid.cell_of(${latOf(700_123)}, ${LNG}), 0, 0, 'Known Road', now())
      on conflict do nothing`;
    expect((await featuresOf(imei)).at(-1)?.properties).toMatchObject({ kind: "stop", place: "Known Road" });
  });

  it("counts a stop in which a tracker sleeps, whatever its fixes", async () => {
    const imei = await vehicleOn([
      // Where no other test drives: an address that one has found is kept for all.
      { s: 0, m: 710_000, kmh: 30 },
      { s: 7_200, m: 710_120, kmh: 25 },
    ]);
    expect((await featuresOf(imei)).map(({ properties }) => properties)).toMatchObject([
      { kind: "line" },
      { kind: "stop", from: told(0), to: told(7_200), durationS: 7_200, place: null },
    ]);
  });

  it.each([
    [290, 0],
    [300, 1],
  ])("counts a stand of %d s as %d stops", async (seconds, stops) => {
    const imei = await vehicleOn(stand(0, 0, seconds / 10 + 1));
    const features = await featuresOf(imei);
    expect(features.filter(({ properties }) => properties.kind === "stop")).toHaveLength(stops);
  });

  it("takes the span without its end, and satellites alone", async () => {
    const imei = await vehicleOn(drive(0, 0, 5));
    await storeFixes(imei, [{ s: 15, m: 0, kmh: 0 }], { pos_type: "LBS" });
    await storeFixes(imei, [{ s: 16, m: 0, kmh: 0 }], { clock_ahead: true });
    const [line] = await featuresOf(imei, { from: at(10), to: at(40) });
    expect(line?.properties.coordTimes).toEqual([told(10), told(20), told(30)]);
  });

  it("leaves out fixes on the way, never the ends of a stop", async () => {
    const imei = await vehicleOn([...drive(0, 0, 30), ...stand(300, 3_000, 40)]);
    const [line, stop] = await featuresOf(imei, { simplify: "20" });
    expect(line?.properties.coordTimes).toEqual([0, 290, 300, 690].map(told));
    expect(stop?.properties).toMatchObject({ from: told(300), to: told(690) });
  });

  it("is a GPX file with the stops before the way, as its schema wants", async () => {
    const name = `<b>"K" & 'D'</b>`;
    const imei = await vehicleOn(DAY, { device_name: name });
    const response = await track(imei, { format: "gpx" });
    expect(response.headers.get("content-type")).toBe("application/gpx+xml");
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="track-${imei}-20260803T060000Z-20260804T060000Z.gpx"`,
    );
    const text = await response.text();
    const elements = checkXml(text);
    expect(elements.filter((element) => ["wpt", "trk", "trkseg"].includes(element))).toEqual(
      "wpt trk trkseg trkseg trkseg".split(" "),
    );
    expect(elements.filter((element) => element === "trkpt")).toHaveLength(DAY.length);
    expect(text).toContain("&lt;b&gt;&quot;K&quot; &amp; &apos;D&apos;&lt;/b&gt;");
    expect(text).toContain(`<desc>${told(30)} to ${told(420)}, 7 min</desc>`);
  });

  it("is a KML file", async () => {
    const imei = await vehicleOn(DAY, { device_name: "a & b" });
    const response = await track(imei, { format: "kml" });
    expect(response.headers.get("content-type")).toBe("application/vnd.google-earth.kml+xml");
    expect(response.headers.get("content-disposition")).toContain(".kml");
    const text = await response.text();
    const elements = checkXml(text);
    expect(elements.filter((element) => ["LineString", "Point"].includes(element))).toEqual(
      "LineString Point LineString Point".split(" "),
    );
    expect(text).toContain("a &amp; b");
  });

  it("is a CSV file with a row for each fix", async () => {
    const imei = await vehicleOn(DAY);
    const response = await track(imei, { format: "csv" });
    expect(response.headers.get("content-type")).toBe("text/csv");
    const rows = (await response.text()).trimEnd().split("\r\n");
    expect(rows[0]).toBe("time,lat,lng,speedKmh,headingDeg,altitudeM,ignition,odometerKm,segment,stop");
    expect(rows.slice(1)).toHaveLength(DAY.length);
    expect(rows[1]).toBe(`${told(0)},${latOf(0)},${LNG},36,,,,,1,`);
    expect(rows[4]).toBe(`${told(30)},${latOf(200)},${LNG},0,,,,,1,1`);
    expect(rows.at(-1)).toBe(`${told(9_010)},${latOf(90_100)},${LNG},36,,,,,3,`);
  });

  it("writes degrees near zero without an exponent", async () => {
    const imei = await vehicleOn(drive(0, 0, 2));
    await database()`update tracksolid.position_history set lat = 0.00001, lng = -0.0000012 where imei = ${imei}`;
    for (const format of ["gpx", "kml", "csv"]) {
      const text = await (await track(imei, { format })).text();
      expect(text).toContain("0.00001");
      expect(text).not.toMatch(/\de-\d/);
    }
  });

  it.each([
    ["geojson", '{"type":"FeatureCollection","features":[]}'],
    ["csv", /^time,[\w,]+\r\n$/],
    ["gpx", /<trkseg><\/trkseg><\/trk><\/gpx>\n$/],
    ["kml", /<Document><name>KDA 001A<\/name><\/Document><\/kml>\n$/],
  ])("is empty as %s without fixes", async (format, expected) => {
    const response = await track(await vehicleOn([]), { format });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(expected);
  });

  it("comes whole over many pages, in every form", async () => {
    const imei = newImei();
    await addVehicle(imei, {});
    await database()`
      insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, source, sources, received_at)
      select ${imei}, ${at(0)}::timestamptz + n * interval '3 s', -1.3 + n / 10000.0, ${LNG}::float8, 36, 'track_list', 4, ${at(0)}
      from generate_series(0, 20000) n`;
    const features = await featuresOf(imei);
    const lines = features.map(({ properties }) => properties.coordTimes as string[]);
    expect(lines.map(({ length }) => length)).toEqual(
      [8_999, 9_000, 2_003].map((length) => expect.closeTo(length, -1)),
    );
    for (const [n, line] of lines.slice(1).entries()) expect(line[0]).toBe(lines[n]?.at(-1));
    expect(lines.flatMap((line, n) => (n ? line.slice(1) : line))).toHaveLength(20_001);
    const csv = await (await track(imei, { format: "csv" })).text();
    expect(new Set(csv.split("\r\n")).size).toBe(20_001 + 2);
    const gpx = await (await track(imei, { format: "gpx" })).text();
    expect(gpx.match(/<trkpt/g)).toHaveLength(20_001);
    expect(gpx.match(/<trkseg>/g)).toHaveLength(1);
  });

  it("stands until something is known anew of those days", async () => {
    const imei = await vehicleOn(DAY);
    const first = await track(imei);
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const known = { headers: { "if-none-match": first.headers.get("etag") ?? "" } };
    const path = `/v1/vehicles/${imei}/track${query(SPAN)}`;
    expect((await get(path, known)).status).toBe(304);
    await database()`
      insert into reporting.day_versions (imei, day, version)
      select ${imei}, '2026-08-03', version + 1 from reporting.newest_version`;
    const changed = await get(path, known);
    expect(changed.status).toBe(200);
    const { length } = await changed.text();
    expect(length).toBeGreaterThan(100);
  });

  it("hangs on now without an end", async () => {
    const imei = await vehicleOn([]);
    const response = await get(`/v1/vehicles/${imei}/track`);
    expect([response.headers.get("cache-control"), response.headers.get("etag")]).toEqual(["no-store", null]);
  });

  it("answers HEAD with the headers alone", async () => {
    const imei = await vehicleOn(DAY);
    const response = await get(`/v1/vehicles/${imei}/track${query({ ...SPAN, format: "gpx" })}`, {
      method: "HEAD",
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/gpx+xml");
    expect(await response.text()).toBe("");
  });
});

describe("GET /v1/vehicles/{imei}/track, error", () => {
  it.each([
    [{ format: "shp" }, "format"],
    [{ simplify: "-1" }, "simplify"],
    [{ simplify: "1001" }, "simplify"],
    [{ simplify: "many" }, "simplify"],
    [{ simplify: "" }, "simplify"],
    [{ from: "yesterday" }, "from: must be an instant"],
    [{ to: "2026-08-04" }, "to: must be an instant"],
    [{ from: SPAN.to }, "from: must be before to"],
    [{ from: "2026-07-04T05:59:59Z" }, "from: must be at most 31 days before to"],
  ])("refuses %j", async (values, detail) => {
    const imei = await vehicleOn([]);
    expect(await expectProblem(await track(imei, values), "invalid_request")).toContain(detail);
  });

  it("takes 31 days", async () => {
    expect((await track(await vehicleOn([]), { from: "2026-07-04T06:00:00Z" })).status).toBe(200);
  });

  it("is not there for a vehicle nobody knows, one that is hidden on maps, one that is none", async () => {
    const hidden = await vehicleOn(DAY, { hidden_on_map: true });
    const canary = await vehicleOn(DAY, { kind: "canary" });
    for (const imei of [newImei(), hidden, canary]) {
      for (const format of ["geojson", "gpx", "kml", "csv"]) {
        await expectProblem(await track(imei, { format }), "not_found");
      }
    }
  });

  it("is a problem while the database is away", async () => {
    const away = { connectionString: "postgres://nobody:x@127.0.0.1:1/none" };
    const path = `/v1/vehicles/860000000000001/track${query(SPAN)}`;
    await expectProblem(
      await askConfigured({ DB_READ: away, OPEN_READS: "1" }, path),
      "database_unavailable",
    );
  });
});

describe("GET /v1/vehicles/{imei}/track, security", () => {
  it.each(["'; drop table tracksolid.devices; --", "1 or 1=1", "$1", "{}", "\\", "🚚"])(
    "refuses %j, in every parameter",
    async (attack) => {
      const imei = await vehicleOn(DAY);
      for (const name of ["from", "to", "format", "simplify"]) {
        await expectProblem(await track(imei, { [name]: attack }), "invalid_request");
      }
      await expectProblem(await track(encodeURIComponent(attack)), "invalid_request");
    },
  );

  it("shows nothing without a key", async () => {
    await expectProblem(await ask(`/v1/vehicles/860000000000001/track`), "key_required");
    const wrong = { headers: { authorization: "Bearer sk_wrong" } };
    await expectProblem(await ask(`/v1/vehicles/860000000000001/track`, wrong), "key_unknown");
  });
});
