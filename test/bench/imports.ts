import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type postgres from "postgres";
import { importCommand } from "../../scripts/import.ts";
import { callCommand } from "../setup/command.ts";
import type { BenchCluster } from "./cluster.ts";
import { interleave, median, medianRatio } from "./measure.ts";
import type { Line } from "./report.ts";

const SECTION = "import-tickets, rows of 12 columns with quotes and line breaks";
const ROWS = 100_000;
const TEN_TIMES = 10 * ROWS;
const ROUNDS = { warmUp: 1, rounds: 3 };

/** What ten times the rows may take of memory: the process itself is half of it. */
const MOST_MEMORY = 1.3;

const HEADER =
  "number;opened_at;state;priority;area;lat;lng;resolved_at;driver_name;imei;updated_at;customer";
const COPIED =
  "number, opened_at, state, priority, area, lat, lng, resolved_at, driver_name, imei, told_at, raw";

const OPENED = "2026-10-06T06:00Z";
const UPDATED = "2026-10-07T00:00Z";

/** The same rows as an import has them, and as COPY does. */
const resolvedAt = (index: number) => (index % 2 ? "" : "2026-10-06T09:00Z");
const imeiOf = (index: number) => String(861_000_000_000_000 + (index % 1_000));
const csvRow = (index: number) =>
  `INC${index};${OPENED};Open;P${index % 4};"Area ""${index % 50}"" north";-1.3;36.8;${resolvedAt(index)};Driver ${index % 150};${imeiOf(index)};${UPDATED};"Customer\n${index}"\n`;
const copyRow = (index: number) =>
  [
    ...[`INC${index}`, OPENED, "Open", `P${index % 4}`, `Area "${index % 50}" north`, "-1.3", "36.8"],
    ...[resolvedAt(index) || "\\N", `Driver ${index % 150}`, imeiOf(index), UPDATED],
    JSON.stringify({ customer: `Customer ${index}`, state: "Open", opened_at: OPENED }),
  ].join("\t");

/** Compares an import with COPY of the same rows, and its memory with that for ten times the rows. */
export async function measureImports(cluster: BenchCluster): Promise<Line[]> {
  const { sql, url } = await cluster.create("imports");
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-imports-"));
  try {
    const [small, large] = await Promise.all(
      [ROWS, TEN_TIMES].map((rows) => writeTable(join(folder, `${rows}.csv`), rows)),
    );
    return [await speed(sql, url, small as string), await memory(sql, url, small as string, large as string)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeTable(path: string, rows: number): Promise<string> {
  function* lines() {
    yield `${HEADER}\n`;
    for (let index = 0; index < rows; index++) yield csvRow(index);
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return path;
}

async function speed(sql: postgres.Sql, url: string, path: string): Promise<Line> {
  const copied = `${Array.from({ length: ROWS }, (_, index) => copyRow(index)).join("\n")}\n`;
  const fresh = (act: () => Promise<unknown>) => async () => {
    await sql`truncate tickets.incidents`;
    await sql`checkpoint`;
    const startMs = performance.now();
    await act();
    return performance.now() - startMs;
  };
  const times = await interleave(
    {
      import: fresh(async () => {
        const { code, stderr } = await callCommand(importCommand, ["tickets", "inc", path, "--apply"], {
          DATABASE_URL: url,
        });
        if (code !== 0) throw new Error(`import ended with ${code}: ${stderr}`);
      }),
      copy: fresh(async () => {
        const into = await sql.unsafe(`copy tickets.incidents (${COPIED}) from stdin`).writable();
        await pipeline(Readable.from([copied]), into);
      }),
    },
    ROUNDS,
  );
  const value = medianRatio(times.copy, times.import);
  const rowsPerS = (ms: number[]) => `${(ROWS / median(ms)).toFixed(1)} k rows/s`;
  return {
    ...{ section: SECTION, what: `${ROWS.toLocaleString("en")} new rows: of bare COPY`, value },
    measured: value.toFixed(2),
    figures: `${rowsPerS(times.import)} against ${rowsPerS(times.copy)}`,
  };
}

async function memory(sql: postgres.Sql, url: string, small: string, large: string): Promise<Line> {
  const peaks: number[] = [];
  const durations: number[] = [];
  for (const path of [small, large]) {
    await sql`truncate tickets.incidents`;
    const startMs = performance.now();
    peaks.push(await peakMb(url, path));
    durations.push(Math.round((performance.now() - startMs) / 1_000));
  }
  const [few = Number.NaN, many = Number.NaN] = peaks;
  const value = many / few;
  return {
    ...{ section: SECTION, what: "memory of the process, ten times the rows", value },
    ...{ measured: `${value.toFixed(2)} ×`, bound: `≤ ${MOST_MEMORY}`, holds: value <= MOST_MEMORY },
    figures: `${few} MB for ${ROWS / 1e6} M rows, ${many} MB for ${TEN_TIMES / 1e6} M in ${durations[1]} s`,
  };
}

/** The most memory that an import in a process of its own has. */
async function peakMb(url: string, path: string): Promise<number> {
  const tell = "process.on('exit', () => console.error('PEAK ' + process.resourceUsage().maxRSS))";
  const words = ["tickets", "inc", path, "--apply"];
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(tell)}`, "scripts/import.ts", ...words],
    { env: { ...process.env, DATABASE_URL: url } },
  );
  return Math.round(Number(/PEAK (\d+)/.exec(stderr)?.[1]) / 1024);
}
