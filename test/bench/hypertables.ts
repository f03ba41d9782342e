import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { parseTrackPoint } from "../../shared/jimi/poll/track-point.ts";
import type { Fix } from "../../shared/records.ts";
import { vendorTime } from "../simulator/clock.ts";
import { trackList } from "../simulator/vendor/methods/track-list.ts";
import type { BenchCluster } from "./cluster.ts";
import { TABLE } from "./columns.ts";
import { makeFleet, templates } from "./fleet.ts";
import { ItemStream } from "./items.ts";
import { interleave, median, medianRatio } from "./measure.ts";
import type { Line } from "./report.ts";
import { writers } from "./writers.ts";

const SECTION = "position_history as a hypertable, beside a plain table of the same columns and key";
const ROUNDS = { warmUp: 2, rounds: 11 };
const ROWS_PER_ROUND = 8_000;
const FLEET = 150;
const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
const ROWS_PER_STATEMENT = 5_000;

/** What TimescaleDB costs the writer, and what it saves. */
export async function measureHypertables(cluster: BenchCluster): Promise<Line[]> {
  const { sql } = await cluster.create("hypertables");
  await sql`create table tracksolid.plain_history (like tracksolid.position_history including all)`;
  const text = await readFile("workers/writer/history.sql", "utf8");
  const intoHypertable = writers(text).statement;
  const intoPlain = writers(text.replaceAll(TABLE, "tracksolid.plain_history")).statement;
  const stream = new ItemStream(templates(FLEET), Date.UTC(2026, 5, 2));
  const lines: Line[] = [];
  for (const rows of [1_000, 5_000]) {
    const statements = Math.ceil(ROWS_PER_ROUND / rows);
    const timer = (write: typeof intoPlain) => async () => {
      const batches = Array.from({ length: statements }, () => stream.nextFixes(rows));
      const startMs = performance.now();
      for (const batch of batches) await write(sql, batch);
      return performance.now() - startMs;
    };
    const times = await interleave({ hypertable: timer(intoHypertable), plain: timer(intoPlain) }, ROUNDS);
    const value = medianRatio(times.plain, times.hypertable);
    const perS = (ms: number[]) => `${Math.round((rows * statements) / median(ms))} k/s`;
    lines.push({
      section: SECTION,
      what: `history statement, ${rows.toLocaleString("en")} rows: of the plain table's rate`,
      value,
      measured: value.toFixed(2),
      figures: `${perS(times.hypertable)} against ${perS(times.plain)}`,
    });
  }
  await sql`truncate tracksolid.position_history, tracksolid.plain_history`;
  lines.push(await measureCompression(sql, intoHypertable));
  return lines;
}

/** Compresses a week of tracks of the simulated fleet. */
async function measureCompression(
  sql: postgres.Sql,
  write: (sql: postgres.Sql, rows: Fix[]) => Promise<unknown>,
): Promise<Line> {
  const world = makeFleet(FLEET);
  const toS = Math.floor(world.clock.fleetMs() / 1_000 / DAY_S) * DAY_S - WEEK_S;
  const window = { begin_time: vendorTime((toS - WEEK_S) * 1_000), end_time: vendorTime(toS * 1_000) };
  const arrival = { account: null, receivedMs: toS * 1_000, path: null };
  let rows = 0;
  for (const { imei, condition } of world.fleet) {
    if (condition === "expired") continue;
    const points = trackList.answer({ world, params: { imei, ...window } }).result as Record<
      string,
      unknown
    >[];
    const fixes = points.flatMap((point) => parseTrackPoint(point, { ...arrival, imei }).fix ?? []);
    for (let from = 0; from < fixes.length; from += ROWS_PER_STATEMENT) {
      await write(sql, fixes.slice(from, from + ROWS_PER_STATEMENT));
    }
    rows += fixes.length;
  }
  const size = async () => {
    const [row] = await sql`select hypertable_size('tracksolid.position_history')::float8 / 1e6 as mb`;
    return Number(row?.mb);
  };
  const before = await size();
  await sql`select compress_chunk(chunk) from show_chunks('tracksolid.position_history') as chunk`;
  const after = await size();
  return {
    section: SECTION,
    what: "a week of the simulated fleet's tracks, compressed",
    value: before / after,
    measured: `${(before / after).toFixed(1)} ×`,
    figures: `${rows} rows, ${before.toFixed(0)} MB to ${after.toFixed(0)} MB`,
  };
}
