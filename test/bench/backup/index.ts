import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeKey } from "../../setup/backup.ts";
import { type BenchCluster, type BenchDatabase, connect } from "../cluster.ts";
import { interleave, median, medianRatio } from "../measure.ts";
import type { Line } from "../report.ts";
import { restoreOnce, timeRestores, type Weighed } from "./restore.ts";

const VEHICLES = 50;
const FIXES_A_DAY = 2_880;
const FROM_MS = Date.UTC(2026, 8, 1);
const DAY_MS = 24 * 3_600_000;

/** Days that are there at first, and ten times as many. */
const DAYS = 2;
const MANY_DAYS = 10 * DAYS;

const ROUNDS = { warmUp: 1, rounds: 3 };
const SECTION =
  "Backup: positions to a folder, compressed and encrypted, beside a bare COPY of them by the same client";
const COPY = "copy (select * from tracksolid.position_history order by imei, gps_time) to stdout";

/** What a backup said of itself. */
interface Once extends Weighed {
  bytes: number;
  newBytes: number;
}

/** Times backups of a database, and weighs them at ten times the rows. */
export async function measureBackup(cluster: BenchCluster): Promise<Line[]> {
  const database = await cluster.create("backup");
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-bench-backup-"));
  const { recipient, identity } = await makeKey();
  const backUp = () => once(database.url, folder, recipient);
  const empty = async () => {
    await rm(join(folder, "backup"), { recursive: true, force: true });
  };
  try {
    await fill(database, 0, DAYS);
    const bare = connect(database.url);
    const { first, second, copy } = await interleave(
      {
        copy: () => drain(bare),
        first: async () => {
          await empty();
          return (await backUp()).ms;
        },
        second: async () => (await backUp()).ms,
      },
      ROUNDS,
    );
    await bare.end();
    await empty();
    const few = await backUp();
    const restored = await timeRestores(cluster, database.url, folder, identity, ROUNDS);
    await fill(database, DAYS, MANY_DAYS - 1);
    const many = await backUp();
    const restoredMany = await restoreOnce(cluster, folder, identity);
    await fill(database, MANY_DAYS - 1, MANY_DAYS);
    const nextNight = await backUp();
    return [
      pace("a first backup", first, copy, few),
      pace("one of the same again: nothing is put", second, copy, few),
      memory("memory at ten times the rows", few, many),
      upload(nextNight),
      pace("a restore: rows copied, and read again", restored.copied, restored.bare, restored.last),
      memory("memory of a restore at ten times the rows", restored.last, restoredMany),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function fill({ sql }: BenchDatabase, fromDay: number, toDay: number): Promise<void> {
  for (let day = fromDay; day < toDay; day++) {
    await sql`
      insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, heading_deg, satellites, pos_type, ignition,
        odometer_km, source, sources, received_at)
      select imei::text, at, -1.3 + random() / 10, 36.8 + random() / 10, (random() * 80)::int, (random() * 359)::int, 9, 'GPS', true,
        10000 + n * 0.25, 'track_list', 4, at + interval '5 s'
      from generate_series(861000000000001, ${861_000_000_000_000 + VEHICLES}::bigint) imei
      cross join generate_series(0, ${FIXES_A_DAY - 1}::int) n
      cross join lateral (select ${new Date(FROM_MS + day * DAY_MS)}::timestamptz + n * interval '30 s' as at) t`;
  }
  await sql`vacuum analyze`;
  await sql`checkpoint`;
}

async function once(url: string, folder: string, recipient: string): Promise<Once> {
  const script = join(import.meta.dirname, "once.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, url, folder, recipient]);
  return JSON.parse(stdout) as Once;
}

async function drain(sql: ReturnType<typeof connect>): Promise<number> {
  const startMs = performance.now();
  const rows: AsyncIterable<Buffer> = await sql.unsafe(COPY).readable();
  for await (const _ of rows);
  return performance.now() - startMs;
}

const mb = (bytes: number) => bytes / 1e6;

function pace(what: string, times: number[], copy: number[], { rows, textBytes }: Weighed): Line {
  const value = medianRatio(copy, times);
  const rate = (ms: number) => `${(mb(textBytes) / (ms / 1_000)).toFixed(0)} MB/s`;
  const minutes = median(times) / 60_000 / (rows / 1e6);
  return {
    ...{ section: SECTION, what, value, measured: `${(value * 100).toFixed(0)} % of its rate` },
    figures: `${rate(median(times))} of text against ${rate(median(copy))}; ${minutes.toFixed(2)} min per million rows`,
  };
}

/** Twice as much would be a table that is held somewhere. */
const MOST_GROWTH = 1.5;

function memory(what: string, few: Weighed, many: Weighed): Line {
  const value = many.mostMb / few.mostMb;
  return {
    ...{ section: SECTION, what, value, measured: `${value.toFixed(2)} ×` },
    ...{ bound: `≤ ${MOST_GROWTH} ×`, holds: value <= MOST_GROWTH },
    figures: `${few.mostMb.toFixed(0)} MB at ${few.rows.toLocaleString("en")} rows, ${many.mostMb.toFixed(0)} MB at ${many.rows.toLocaleString("en")}; ${(many.ms / 60_000 / (many.rows / 1e6)).toFixed(2)} min per million`,
  };
}

function upload({ newBytes, bytes, rows }: Once): Line {
  const value = newBytes / bytes;
  return {
    ...{
      section: SECTION,
      what: `what a day more of ${MANY_DAYS} has put`,
      value,
      measured: `${(value * 100).toFixed(0)} %`,
    },
    figures: `${mb(newBytes).toFixed(1)} of ${mb(bytes).toFixed(1)} MB; ${((bytes * 1e6) / rows / 1e6).toFixed(0)} MB stored per million rows`,
  };
}
