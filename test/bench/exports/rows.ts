import { join } from "node:path";
import type postgres from "postgres";
import { trackQuery } from "../../../scripts/export/track.ts";
import { exportCommand } from "../../../scripts/export.ts";
import { callCommand } from "../../setup/command.ts";
import { FIXES_A_DAY, fillHistory } from "../../setup/reporting-history.ts";
import { type BenchCluster, connect } from "../cluster.ts";
import { interleave, median, medianRatio } from "../measure.ts";
import type { Line } from "../report.ts";
import { peakMb } from "./memory.ts";

const VEHICLES = 50;
const DAYS = 7;
const ROWS = VEHICLES * DAYS * FIXES_A_DAY;
/** A tenth of them. */
const FEW = VEHICLES / 10;
const SECTION = `export, ${(ROWS / 1e6).toFixed(2)} million positions, beside COPY TO of the same rows that nobody looks at`;
const ROUNDS = { warmUp: 1, rounds: 3 };

const FROM = Date.UTC(2026, 8, 1);
const TO = FROM + DAYS * 24 * 3_600_000;

/** What a program may need for ten times as much: garbage is not collected before it is worth it. */
const MOST_GROWTH = 1.5;

const ALL = "select * from tracksolid.position_history";
const FORMATS = [
  { format: "csv", what: "position_history", query: ALL },
  { format: "parquet", what: "position_history", query: ALL },
  { format: "geojson", what: "position_history", query: ALL },
  { format: "gpx", what: "track", query: trackQuery([]) },
];

/** Exports positions in every format, as somebody whose statements may take any time: how fast, and in how much memory when there are ten times as many. */
export async function measureRows(cluster: BenchCluster, folder: string): Promise<Line[]> {
  const { sql, url } = await cluster.create("exports");
  const imeis = Array.from({ length: VEHICLES }, (_, index) => String(861_000_000_000_000 + index));
  await fillHistory(sql, { imeis, from: new Date(FROM), to: new Date(TO) });
  await sql`vacuum analyze`;
  await sql`checkpoint`;
  const reader = connect(url);
  const lines: Line[] = [];
  try {
    for (const { format, what, query } of FORMATS) {
      const out = join(folder, `positions.${format}`);
      const times = await interleave(
        { export: timed(() => exportTo(url, what, out)), copy: timed(() => discard(reader, query)) },
        ROUNDS,
      );
      const share = medianRatio(times.copy, times.export);
      const perS = (ms: number[]) => `${(ROWS / median(ms)).toFixed(0)},000 rows/s`;
      lines.push({
        ...{ section: SECTION, what: format, value: share, measured: share.toFixed(2) },
        figures: `${perS(times.export)} against ${perS(times.copy)}`,
      });
      const few = imeis.slice(0, FEW).flatMap((imei) => ["--imei", imei]);
      const peaks = {
        few: await peakMb("scripts/export.ts", [what, "--out", out, ...few], url),
        all: await peakMb("scripts/export.ts", [what, "--out", out], url),
      };
      lines.push(memoryLine(SECTION, `memory of ${format} at ten times the rows`, peaks));
    }
  } finally {
    await reader.end();
  }
  return lines;
}

/** A line of what ten times as much needs. */
export function memoryLine(section: string, what: string, { few, all }: { few: number; all: number }): Line {
  const value = all / few;
  return {
    ...{ section, what, value, measured: `${value.toFixed(2)} ×`, bound: `≤ ${MOST_GROWTH} ×` },
    holds: value <= MOST_GROWTH,
    figures: `${all.toFixed(0)} MB against ${few.toFixed(0)} MB`,
  };
}

async function exportTo(url: string, what: string, out: string): Promise<void> {
  const { code, stderr } = await callCommand(exportCommand, [what, "--out", out], { DATABASE_URL: url });
  if (code !== 0) throw new Error(`export ended with ${code}: ${stderr}`);
}

async function discard(reader: postgres.Sql, query: string): Promise<void> {
  const stream = await reader.unsafe(`copy (${query}) to stdout`).readable();
  for await (const _ of stream);
}

export const timed = (act: () => Promise<unknown>) => async () => {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
};
