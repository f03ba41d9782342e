import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type MadeFile, type MadeTile, makePmtiles } from "../../setup/pmtiles.ts";
import { ask, expectProblem, makeKey } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { unique } from "./fleet.ts";

const TYPE = "application/vnd.mapbox-vector-tile";
const pathOf = ({ z, x, y }: Omit<MadeTile, "data">) => `/v1/tiles/base/${z}/${x}/${y}.mvt`;
const textOf = ({ z, x, y }: Omit<MadeTile, "data">) => `tile ${z} ${x} ${y} `.repeat(50);
const tile = (z: number, x: number, y: number): MadeTile => ({
  ...{ z, x, y },
  data: new TextEncoder().encode(textOf({ z, x, y })),
});

/** From the whole world to a street of Nairobi, and what lies around in all directions. */
const TILES = [
  ...[tile(0, 0, 0), tile(1, 0, 0), tile(1, 1, 0), tile(1, 0, 1), tile(1, 1, 1)],
  ...[tile(5, 0, 31), tile(5, 31, 0), tile(5, 19, 16), tile(12, 2466, 2062), tile(12, 2467, 2062)],
  ...[tile(12, 4095, 4095), tile(12, 0, 0), tile(14, 9866, 8250)],
];

async function put(made: Partial<MadeFile> = {}, key = `maps/${unique("map")}.pmtiles`): Promise<string> {
  await env.BUCKET.put(key, await makePmtiles({ tiles: TILES, ...made }));
  return key;
}

const get = async (MAP_TILES: string, path: string, headers: Record<string, string> = {}) =>
  askConfigured({ MAP_TILES }, path, {
    headers: { authorization: `Bearer ${await makeKey()}`, ...headers },
  });

/** A tile here holds text, for people to read. */
const read = async (response: Response) => new TextDecoder().decode(await response.arrayBuffer());

const STREET = pathOf(tile(12, 2466, 2062));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("GET /v1/tiles/base/{z}/{x}/{y}.mvt", () => {
  it.each<[string, Partial<MadeFile>]>([
    ["packed", {}],
    ["as it is", { isPacked: false }],
    ["with directories below the first", { leafEntries: 3 }],
  ])("has every tile of a file, %s", async (_, made) => {
    const key = await put(made);
    for (const one of TILES) {
      const response = await get(key, pathOf(one));
      expect([response.status, response.headers.get("content-type")]).toEqual([200, TYPE]);
      expect(await read(response)).toBe(textOf(one));
    }
  });

  it("passes a packed tile on as it is to who unpacks it", async () => {
    const response = await get(await put(), STREET, { "accept-encoding": "br, gzip;q=0.5" });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("vary")).toContain("Accept-Encoding");
    // Nobody between unpacks it here.
    const unpacked = response.body?.pipeThrough(new DecompressionStream("gzip"));
    expect(await new Response(unpacked).text()).toBe(textOf(tile(12, 2466, 2062)));
    const refusing = await get(await put(), STREET, { "accept-encoding": "gzip;q=0, br" });
    expect(refusing.headers.get("content-encoding")).toBeNull();
    expect(await read(refusing)).toBe(textOf(tile(12, 2466, 2062)));
  });

  it("says that there is nothing where the file has none", async () => {
    const key = await put({ leafEntries: 3 });
    for (const path of [
      "/v1/tiles/base/12/1/1.mvt",
      "/v1/tiles/base/13/0/0.mvt",
      "/v1/tiles/base/22/5/5.mvt",
    ]) {
      const response = await get(key, path);
      expect([response.status, await read(response)]).toEqual([204, ""]);
      expect(response.headers.get("cache-control")).toMatch(/^private, max-age=\d+/);
    }
  });

  it("may be kept by who has a key, and by nobody between", async () => {
    const key = await put();
    const first = await get(key, STREET);
    expect(first.headers.get("cache-control")).toMatch(/^private, max-age=\d+/);
    expect(first.headers.get("vary")).toContain("Authorization");
    const etag = first.headers.get("etag") ?? "";
    const again = await get(key, STREET, { "if-none-match": etag });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await get(key, STREET, { "if-none-match": '"another"' })).status).toBe(200);
  });

  it("is of the new file, once somebody has put one in its place", async () => {
    const key = await put();
    const old = await get(key, STREET);
    expect(await read(old)).toBe(textOf(tile(12, 2466, 2062)));
    await put({ tiles: [{ ...tile(12, 2466, 2062), data: new TextEncoder().encode("new road") }] }, key);
    const fresh = await get(key, STREET);
    expect(await read(fresh)).toBe("new road");
    expect(fresh.headers.get("etag")).not.toBe(old.headers.get("etag"));
  });

  it("is nowhere where no file is configured", async () => {
    const detail = await expectProblem(await get("", STREET), "not_found");
    expect(detail).toContain("MAP_TILES");
  });

  it.each([
    ...["a/0/0", "-1/0/0", "0/0/x", "1.5/0/0", "0x1/0/0", "00/0/0", "23/0/0", "0/1/0", "0/0/1", "12/4096/0"],
    ...["12/0/4096", "12/99999999999999999999/0", "1/0/%00"],
  ])("refuses %s", async (place) => {
    await expectProblem(await get("maps/none.pmtiles", `/v1/tiles/base/${place}.mvt`), "invalid_request");
  });

  it("refuses another form", async () => {
    for (const last of ["0", "0.png", "0.mvt.pmtiles", ".mvt", ""]) {
      await expectProblem(await get("maps/none.pmtiles", `/v1/tiles/base/0/0/${last}`), "not_found");
    }
  });

  it("asks for a key, with the scope read", async () => {
    const key = await put();
    await expectProblem(await askConfigured({ MAP_TILES: key }, STREET), "key_required");
    const authorization = `Bearer ${await makeKey({ scopes: ["admin"] })}`;
    await expectProblem(await get(key, STREET, { authorization }), "scope_missing");
    await expectProblem(await ask(STREET), "key_required");
  });
});

describe("a file that cannot be read", () => {
  const whole = () => makePmtiles({ tiles: TILES, leafEntries: 3 });
  /** The file with other bytes at a place. */
  const changed = async (at: number, bytes: number[]) => {
    const file = await whole();
    file.set(bytes, at);
    return file;
  };

  /** What is wrong, such a file, and what the log says of it. */
  const BROKEN: [string, () => Promise<Uint8Array | string | null>, string][] = [
    ["is not there", async () => null, "no such object"],
    ["is empty", async () => "", ""],
    ["is a picture", async () => `\u0089PNG${"x".repeat(20_000)}`, "magic"],
    ["is shorter than a header", async () => (await whole()).slice(0, 50), ""],
    ["ends in its directory", async () => (await whole()).slice(0, 140), ""],
    ["ends in its tiles", async () => (await whole()).slice(0, -10), "cut short"],
    ["is of an older version", () => makePmtiles({ tiles: TILES, version: 2 }), "version 2"],
    ["holds pictures", () => makePmtiles({ tiles: TILES, tileType: 2 }), "no vector tiles"],
    ["is packed in another way", () => makePmtiles({ tiles: TILES, tileCompression: 4 }), "only gzip"],
    ["has a description that is none", () => makePmtiles({ tiles: TILES, metadata: [1] }), "description"],
    ["names a directory beyond its end", () => changed(40, [255, 255, 255, 255, 255, 255, 15]), "cut short"],
    ["names a directory of any size", () => changed(16, [255, 255, 255, 255, 255]), ""],
    ["has noise for a directory", () => changed(127, Array(20).fill(171)), "unpack"],
  ];

  it.each(BROKEN)("says so where it %s", async (_, make, why) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const key = `maps/${unique("broken")}.pmtiles`;
    const made = await make();
    if (made !== null) await env.BUCKET.put(key, made);
    for (const path of [STREET, pathOf(tile(0, 0, 0))]) {
      const response = await get(key, path);
      expect(response.headers.get("retry-after")).toBe("30");
      const detail = await expectProblem(response, "base_map_unavailable");
      expect(detail).not.toContain(key);
    }
    const lines = logged.mock.calls
      .map(([line]) => line)
      .filter(({ event }) => event === "base_map_unreadable");
    expect(lines).toEqual([
      { level: "error", event: "base_map_unreadable", key, reason: expect.stringContaining(why) },
    ]);
  });

  it.each([
    [30_000_000, true],
    [600_000, true],
    [600_000, false],
  ])("is no bomb: a part of %d bytes is refused, packed (%j) or not", async (bytes, isPacked) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const metadata = { attribution: "x".repeat(bytes), vector_layers: [{ id: "roads" }] };
    const key = await put({ metadata, isPacked });
    await expectProblem(await get(key, STREET), "base_map_unavailable");
  });

  it("is asked for again later, and at once where it changed its name", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.useFakeTimers({ toFake: ["Date"] });
    const key = `maps/${unique("late")}.pmtiles`;
    await expectProblem(await get(key, STREET), "base_map_unavailable");
    await put({}, key);
    // One that is missing is not looked for with each tile.
    await expectProblem(await get(key, STREET), "base_map_unavailable");
    vi.setSystemTime(Date.now() + 30_001);
    expect(await read(await get(key, STREET))).toBe(textOf(tile(12, 2466, 2062)));
    expect((await get(await put(), STREET)).status).toBe(200);
  });
});
