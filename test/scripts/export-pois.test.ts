import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { PbfWriter } from "pbf";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exportPoisCommand } from "../../scripts/export-pois.ts";
import { callCommand } from "../setup/command.ts";
import { country, FUEL_NODES, FUEL_WAYS } from "../setup/osm-country.ts";
import { blob, framed, headerBlob, type OsmBlock, writeOsmFile } from "../setup/osm-file.ts";
import { figure, size } from "../setup/size.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-pois-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const name of await readdir(folder)) await rm(join(folder, name));
});

const run = (...words: string[]) =>
  callCommand(exportPoisCommand, [join(folder, "region.osm.pbf"), ...words]);
const outs = async () => (await readdir(folder)).filter((name) => name !== "region.osm.pbf");
const make = (blocks: Iterable<OsmBlock>, features?: string[]) =>
  writeOsmFile(join(folder, "region.osm.pbf"), blocks, features);

interface Feature {
  geometry: { coordinates: [number, number] };
  properties: Record<string, unknown>;
}

/** What is found, by type and id. */
async function found(...words: string[]): Promise<Record<string, Feature>> {
  const { code, stderr } = await run(...words, "--out", join(folder, "pois.geojson"));
  expect([code, stderr]).toEqual([0, ""]);
  const { features } = JSON.parse(await readFile(join(folder, "pois.geojson"), "utf8"));
  return Object.fromEntries(
    features.map((feature: Feature) => [
      `${feature.properties.osm_type} ${feature.properties.osm_id}`,
      feature,
    ]),
  );
}

const fuel = { amenity: "fuel" };
const square = (first: number, south: number, west: number) => [
  { id: first, lat: south, lng: west },
  { id: first + 1, lat: south, lng: west + 0.002 },
  // Closer together there, which must not pull the middle.
  { id: first + 2, lat: south + 0.0009, lng: west + 0.002 },
  { id: first + 3, lat: south + 0.001, lng: west + 0.002 },
  { id: first + 4, lat: south + 0.001, lng: west },
];
const around = (first: number) => [first, first + 1, first + 2, first + 3, first + 4, first];

describe("places", () => {
  it("are nodes, ways and relations, dense or not, in any unit, packed in any way and in any order", async () => {
    make([
      // Relations before their ways, and these before their nodes.
      {
        relations: [
          {
            id: 30,
            tags: { ...fuel, type: "multipolygon", name: "Large" },
            members: [
              { type: "way", id: 22, role: "inner" },
              { type: "way", id: 21, role: "outer" },
            ],
          },
          { id: 31, tags: { ...fuel, type: "site" }, members: [{ type: "node", id: 100, role: "label" }] },
          {
            id: 32,
            tags: { ...fuel, type: "multipolygon" },
            members: [{ type: "way", id: 999, role: "outer" }],
          },
        ],
      },
      { ways: [{ id: 20, tags: fuel, refs: around(100) }], packing: "raw" },
      {
        ways: [
          { id: 21, refs: around(200) },
          { id: 22, refs: around(300) },
        ],
        packing: "zstd",
      },
      { plainNodes: [...square(100, -1.3, 36.8), { id: 2 ** 40, lat: -1.5, lng: 36.5, tags: fuel }] },
      {
        nodes: [
          ...square(200, -1.2, 36.9),
          ...square(300, 10, 10),
          { id: 9, lat: -0.123, lng: 36.456, tags: fuel },
        ],
        granularity: 1_000,
        offset: { lat: -1_000_000_000, lng: 36_000_000_000 },
      },
      {
        nodes: [
          { id: 10, lat: -4.0435, lng: 39.6682, tags: fuel },
          { id: 11, lat: 0, lng: 0 },
        ],
      },
    ]);
    const pois = await found("--amenity", "fuel");
    const places = Object.fromEntries(
      Object.entries(pois).map(([name, { geometry }]) => [name, geometry.coordinates]),
    );
    expect(places).toEqual({
      "node 9": [36.456, -0.123],
      "node 10": [39.6682, -4.0435],
      [`node ${2 ** 40}`]: [36.5, -1.5],
      "way 20": [36.801, -1.2995],
      "relation 30": [36.901, -1.1995],
      "relation 31": [36.8, -1.3],
    });
    const { stdout } = await run("--amenity", "fuel", "--json", "--out", join(folder, "again.csv"));
    expect(JSON.parse(stdout)).toMatchObject({ places: 6, without: 1, files: [{ places: 6 }] });
  });

  it("across the 180th meridian are in their middle, not on the other side of the world", async () => {
    make([
      {
        nodes: [
          { id: 1, lat: -17, lng: 179.999 },
          { id: 2, lat: -17.001, lng: -179.997 },
        ],
      },
      { ways: [{ id: 1, refs: [1, 2], tags: fuel }] },
    ]);
    expect((await found("--amenity", "fuel"))["way 1"]?.geometry.coordinates).toEqual([-179.999, -17.0005]);
  });

  it("have to fit in all that is asked, in capitals or not, in one of several values", async () => {
    const at = { lat: 1, lng: 1 };
    make([
      {
        nodes: [
          { ...at, id: 1, tags: { amenity: "fuel", brand: "SHELL" } },
          { ...at, id: 2, tags: { amenity: "car_wash; Fuel", brand: "Total;Shell" } },
          { ...at, id: 3, tags: { amenity: "fuel", operator: "Shell", name: "Rubis" } },
          { ...at, id: 4, tags: { amenity: "fuel", name: "New Shell-Station, Ngong" } },
          { ...at, id: 5, tags: { amenity: "fuel", name: "Shelly's" } },
          { ...at, id: 6, tags: { amenity: "fuel", brand: "Rubis", name: "Shell as it was" } },
          { ...at, id: 7, tags: { shop: "shell", name: "Shell fuel" } },
          { ...at, id: 8, tags: { amenity: "fuelling", brand: "Shell" } },
          {
            ...at,
            id: 9,
            tags: { "fuel:diesel": "yes", constructor: "fuel", amenity: "fuel", brand: "Ж-Нефть" },
          },
        ],
      },
    ]);
    const ids = async (...words: string[]) =>
      Object.keys(await found(...words)).map((name) => Number(name.split(" ")[1]));
    expect(await ids("--amenity", "FUEL", "--brand", "shell")).toEqual([1, 2, 3, 4]);
    expect(await ids("--brand", "Shell")).toEqual([1, 2, 3, 4, 7, 8]);
    expect(await ids("--tag", "shop=shell")).toEqual([7]);
    expect(await ids("--tag", "shop=*")).toEqual([7]);
    expect(await ids("--tag", "fuel:diesel=yes", "--amenity", "fuel")).toEqual([9]);
    expect(await ids("--brand", "ж-нефть")).toEqual([9]);
    expect(await ids("--tag", "amenity=fuel", "--brand", "nobody")).toEqual([]);
  });

  it("come with what is known of them, and with whose they are", async () => {
    const tags = {
      ...fuel,
      ...{ name: '=Shell "Ngong", 1\nж', brand: "Shell", operator: "Vivo", opening_hours: "24/7" },
      ...{ "contact:phone": "+254 700 000000", "addr:street": "Ngong Road", "addr:city": "Nairobi" },
    };
    make([{ nodes: [{ id: 1, lat: -1.30000004, lng: 36.8, tags }] }]);
    const csv = join(folder, "pois.csv");
    const { stdout } = await run("--amenity", "fuel", "--out", csv, "--out", join(folder, "pois.geojson"));
    expect(stdout).toContain("© OpenStreetMap contributors, Open Database License 1.0");
    expect(parse(await readFile(csv, "utf8"), { columns: true })).toEqual([
      {
        ...{
          osm_type: "node",
          osm_id: "1",
          name: '\'=Shell "Ngong", 1\nж',
          brand: "Shell",
          operator: "Vivo",
        },
        ...{
          amenity: "fuel",
          opening_hours: "24/7",
          phone: "'+254 700 000000",
          street: "Ngong Road",
          city: "Nairobi",
        },
        ...{ lat: "-1.3", lng: "36.8" },
      },
    ]);
    const collection = JSON.parse(await readFile(join(folder, "pois.geojson"), "utf8"));
    expect(collection).toMatchObject({
      type: "FeatureCollection",
      attribution: expect.stringContaining("© OpenStreetMap contributors"),
      features: [{ properties: { osm_id: 1, name: tags.name, phone: "+254 700 000000", city: "Nairobi" } }],
    });
  });
});

it("takes a country", async () => {
  const millions = size(0.05, 40);
  make(country(millions));
  const startMs = performance.now();
  const pois = Object.keys(await found("--amenity", "fuel"));
  figure(
    "places of a country",
    `${millions} million nodes in ${((performance.now() - startMs) / 1_000).toFixed(1)} s`,
  );
  expect(pois.filter((name) => name.startsWith("node")).length).toBe(Math.floor(millions * FUEL_NODES));
  expect(pois.filter((name) => name.startsWith("way")).length).toBe(Math.round(millions * FUEL_WAYS));
});

it.each([
  [[], "Say which places: --amenity fuel"],
  [["--tag", "shop"], '--tag "shop" is no tag: write KEY=VALUE'],
  [["--amenity", " "], "An empty value matches nothing."],
  [["--amenity", "fuel", "--out", "pois.xlsx"], "--out pois.xlsx is neither .geojson nor .csv."],
  [["--amenity", "fuel", "--json"], "name one with --out"],
])("refuses %j", async (words, reason) => {
  make([]);
  const { code, stderr } = await run(...words);
  expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
});

describe("a file that is not as it should be", () => {
  const header = headerBlob(["OsmSchema-V0.6"]);
  const zlib = (bytes: Uint8Array) => {
    const pbf = new PbfWriter();
    pbf.writeBytesField(3, bytes);
    return pbf.finish();
  };
  const field = (number: number, bytes: Uint8Array) => {
    const pbf = new PbfWriter();
    pbf.writeBytesField(number, bytes);
    return pbf.finish();
  };
  const nodes = { nodes: [{ id: 1, lat: 1, lng: 1, tags: fuel }] };

  it.each<[string, Uint8Array | (() => Promise<void>), string]>([
    ["is empty", Buffer.alloc(0), "is no .osm.pbf: it is empty"],
    [
      "is a text",
      Buffer.from("<osm version='0.6'></osm>"),
      "is no .osm.pbf: its first block claims a header of",
    ],
    ["is of three bytes", Buffer.from([0, 0, 0]), "is cut short"],
    ["is of zeros", Buffer.alloc(1_000), "is no .osm.pbf: its first block claims a header of 0 bytes"],
    ["begins with data", blob("OSMData", Buffer.alloc(3)), "is no .osm.pbf: it does not begin with a header"],
    [
      "has a header of noise",
      Buffer.concat([Buffer.from([0, 0, 0, 9]), Buffer.alloc(9, 0xff)]),
      "its first block has no header",
    ],
    [
      "claims 4 GB",
      Buffer.concat([header, framed("OSMData", Buffer.alloc(9), 2 ** 32)]),
      "claims 4294967296 bytes: 32 MiB are allowed",
    ],
    [
      "claims 30 MB it does not have",
      Buffer.concat([header, framed("OSMData", Buffer.alloc(9), 30_000_000)]),
      "is cut short",
    ],
    [
      "is a bomb",
      Buffer.concat([header, framed("OSMData", zlib(deflateSync(Buffer.alloc(40 * 1024 * 1024))))]),
      "cannot be unpacked",
    ],
    [
      "is packed wrongly",
      Buffer.concat([header, framed("OSMData", zlib(Buffer.from("no zlib at all")))]),
      "cannot be unpacked (incorrect header check)",
    ],
    [
      "has an empty blob",
      Buffer.concat([header, framed("OSMData", Buffer.alloc(0))]),
      "cannot be unpacked (it is empty)",
    ],
    [
      "is packed with LZ4",
      Buffer.concat([header, framed("OSMData", field(6, Buffer.alloc(4)))]),
      "is packed with LZ4, which is not read here: osmium cat",
    ],
    [
      "has noise for a block",
      Buffer.concat([header, blob("OSMData", Buffer.alloc(50, 0xfe))]),
      "is none of OpenStreetMap",
    ],
    [
      "says that a part is longer than it",
      Buffer.concat([header, blob("OSMData", Buffer.from([0x12, 0x7f, 1]))]),
      "ends before its parts do",
    ],
    [
      "has a history",
      async () => make([nodes], ["OsmSchema-V0.6", "HistoricalInformation"]),
      "has the history of its places",
    ],
    [
      "wants a reader that knows more",
      async () => make([nodes], ["OsmSchema-V0.6", "Curves"]),
      "needs a reader that knows Curves",
    ],
  ])("which %s", async (_, content, reason) => {
    if (typeof content === "function") await content();
    else await writeFile(join(folder, "region.osm.pbf"), content);
    const { code, stderr } = await run("--amenity", "fuel", "--out", join(folder, "pois.geojson"));
    expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
    expect(await outs()).toEqual([]);
  });

  it("which is cut short anywhere but between blocks", async () => {
    const path = join(folder, "region.osm.pbf");
    make([nodes, { ways: [{ id: 1, refs: [1], tags: fuel }] }]);
    const whole = await readFile(path);
    const sizes = [1, 2, 3, 4].map((quarter) => Math.floor((whole.length * quarter) / 4) - 1);
    for (const bytes of sizes) {
      await writeFile(path, whole.subarray(0, bytes));
      const { code, stderr } = await run("--amenity", "fuel", "--out", join(folder, "pois.geojson"));
      expect([bytes, code, stderr]).toEqual([bytes, 1, expect.stringContaining("is cut short")]);
    }
    expect(await outs()).toEqual([]);
  });

  it("which is not there", async () => {
    const { code, stderr } = await run("--amenity", "fuel");
    expect([code, stderr]).toEqual([1, expect.stringContaining("There is no file")]);
  });

  it("skips blocks of other programs, as the format says", async () => {
    const path = join(folder, "region.osm.pbf");
    make([nodes]);
    await writeFile(
      path,
      Buffer.concat([await readFile(path), framed("_other", Buffer.from("whatever it is"))]),
    );
    expect(Object.keys(await found("--amenity", "fuel"))).toEqual(["node 1"]);
  });
});
