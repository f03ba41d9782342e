import { gzipSync } from "node:zlib";
import { keptTile } from "../../workers/api/tiles/cut.ts";
import { addWays } from "../../workers/roads/add-ways.ts";
import { newGrid } from "../../workers/roads/grid.ts";
import { LEVELS, type Level, TILE_UNITS } from "../../workers/roads/levels.ts";
import { pack, type Road } from "../../workers/roads/packed.ts";
import { type BenchCluster, connect } from "./cluster.ts";
import { interleave, median } from "./measure.ts";
import type { Line } from "./report.ts";
import { benchWorker, productWorker, startWorkers } from "./workers.ts";

const SECTION = "Roads of the fleet as vector tiles, p50 beside their row read bare";
const REQUESTS = { warmUp: 5, rounds: 31 };

/** All of a tile of level 12, 10 km of Nairobi wide, full of streets 100 m apart. */
const TILE = { level: 12, x: 2_466, y: 2_062 };
const STREET_UNITS = 164;

/** Streets are driven so often, each time a little beside, a fix every 100 m. */
const TIMES = 10;

/**
 * Lays a city, as the job does, and asks for the tiles that are densest: whole, and its parts further in.
 */
export async function measureTiles(cluster: BenchCluster): Promise<Line[]> {
  const { sql, urls } = await cluster.create("tiles");
  const city = layCity();
  const row = { level: TILE.level, x: TILE.x, y: TILE.y, oldest_day: "2026-01-01", version: 1 };
  await sql`insert into reporting.road_tiles ${sql({ ...row, roads: Buffer.from(pack(city.roads)) })}`;
  const direct = connect(urls.read);
  const workers = await startWorkers(urls, [productWorker(), benchWorker]);
  const product = workers.worker("tracksolid-edge-dev");
  try {
    const lines = [city.line];
    for (const zoom of [12, 13, 14]) {
      const parts = 2 ** (zoom - TILE.level);
      const name = { z: zoom, x: TILE.x * parts, y: TILE.y * parts };
      const path = `/v1/tiles/tracks/${name.z}/${name.x}/${name.y}.mvt`;
      const read = async () => {
        const response = await product.fetch(`http://product${path}`);
        const body = Buffer.from(await response.arrayBuffer());
        if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${body}`);
        return body;
      };
      const body = await read();
      const { level, x, y } = keptTile(name);
      const times = await interleave(
        {
          route: () => timed(read),
          // Local Hyperdrive opens a backend for every request.
          bare: () =>
            timed(async () => {
              const fresh = connect(urls.read);
              await fresh`select roads from reporting.road_tiles where level = ${level} and x = ${x} and y = ${y}`;
              await fresh.end();
            }),
          passThrough: () =>
            timed(async () => {
              const response = await workers
                .worker("bench")
                .fetch(`http://bench/pass-through?bytes=${body.length}`);
              await response.arrayBuffer();
            }),
        },
        REQUESTS,
      );
      const routeMs = median(times.route);
      lines.push({
        section: SECTION,
        what: `a full tile of zoom ${zoom}`,
        value: routeMs,
        measured: `${routeMs.toFixed(1)} ms`,
        figures: `bare ${median(times.bare).toFixed(1)} ms, pass-through ${median(times.passThrough).toFixed(1)} ms; ${body.length.toLocaleString("en")} bytes, ${gzipSync(body).length.toLocaleString("en")} gzip`,
      });
    }
    return lines;
  } finally {
    await workers.stop();
    await direct.end();
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

/** Drives every street. @returns The roads, and how long each fix took the job */
function layCity(): { roads: Road[]; line: Line } {
  const [streets] = LEVELS as [Level, ...Level[]];
  const grid = newGrid();
  const roads: Road[] = [];
  const count = Math.floor(TILE_UNITS / STREET_UNITS);
  const wander = (n: number) => (((n * 7_919) % 97) / 97 - 0.5) * 16;
  let fixes = 0;
  const startMs = performance.now();
  for (let time = 0; time < TIMES; time += 1) {
    const ways = Array.from({ length: 2 * count }, (_, street) => {
      const across = (street >> 1) * STREET_UNITS + 20;
      const places = Array.from({ length: count }, (_, n) => {
        fixes += 1;
        const [along, beside] = [n * STREET_UNITS, across + 20 * Math.sin(n / 7) + wander(fixes)];
        return street % 2 === 0 ? [along, beside] : [beside, along];
      });
      return places.flat();
    });
    addWays(grid, streets, roads, ways, 20_000 + time);
  }
  const perFixUs = ((performance.now() - startMs) * 1_000) / fixes;
  const line = {
    section: SECTION,
    what: "the job, level 12, a fix every 100 m",
    value: perFixUs,
    measured: `${perFixUs.toFixed(1)} µs a fix`,
    figures: `${fixes.toLocaleString("en")} fixes on ${2 * count} streets of 10 km, each ${TIMES} times: ${roads.length.toLocaleString("en")} roads, ${pack(roads).length.toLocaleString("en")} bytes`,
  };
  return { roads, line };
}
