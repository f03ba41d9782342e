import type postgres from "postgres";
import { FIXES_A_DAY, fillHistory } from "../setup/reporting-history.ts";
import { type BenchCluster, connect } from "./cluster.ts";
import { interleave, median, medianRatio } from "./measure.ts";
import type { Line } from "./report.ts";
import { benchWorker, post, type Running, startWorkers } from "./workers.ts";

const SECTION = "Roll-ups of a fix every 30 s, beside one read of the same fixes with each one's predecessor";
const VEHICLES = 150;
const DAYS = 3;
const ROUNDS = { warmUp: 1, rounds: 5 };

const FROM = Date.UTC(2026, 8, 1);
/** Days are those of the fleet, which is three hours ahead. */
const LOCAL_DAY = FROM + 21 * 3_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What changed, and the fixes that have to be read at least. */
interface Change {
  what: string;
  vehicles: number;
  changed: Span;
  read: Span;
}

/** Instants, ms since the epoch; the end is not part of it. */
interface Span {
  fromMs: number;
  toMs: number;
}

const MORNING = FROM + DAY_MS + 6 * HOUR_MS;
const aDay = { fromMs: LOCAL_DAY, toMs: LOCAL_DAY + DAY_MS };
const CHANGES: Record<string, Change> = {
  day: { what: "a day of a vehicle", vehicles: 1, changed: aDay, read: aDay },
  fleetDay: { what: `a day of ${VEHICLES} vehicles`, vehicles: VEHICLES, changed: aDay, read: aDay },
  minute: {
    what: `a minute of ${VEHICLES} vehicles, beside a read of their hour`,
    vehicles: VEHICLES,
    changed: { fromMs: MORNING, toMs: MORNING + 60_000 },
    read: { fromMs: MORNING, toMs: MORNING + HOUR_MS },
  },
};

/** What no recompute of steps can do without. */
const READ = `
  select count(*) filter (where speed_kmh > 3 or lat <> before_lat), sum(odometer_km - before_km), sum(gps_time - before_at)
  from (
    select speed_kmh, lat, odometer_km, gps_time, lag(gps_time) over fix as before_at, lag(lat) over fix as before_lat,
      lag(odometer_km) over fix as before_km
    from unnest($1::text::text[]) as vehicle (imei)
    join tracksolid.position_history h using (imei)
    where h.gps_time >= $2::text::timestamptz and h.gps_time < $3::text::timestamptz
    window fix as (partition by imei order by gps_time)
  ) step`;

/** Compares runs of the job that computes the roll-ups with reading what they are made of. */
export async function measureReporting(cluster: BenchCluster): Promise<Line[]> {
  const { sql, urls } = await cluster.create("reporting");
  const imeis = Array.from({ length: VEHICLES }, (_, index) => String(861_000_000_000_000 + index));
  await fillHistory(sql, { imeis, from: new Date(FROM), to: new Date(FROM + DAYS * DAY_MS) });
  const reader = connect(urls.ingest);
  const workers = await startWorkers(urls, [benchWorker]);
  try {
    const everythingMs = await runJob(sql, workers);
    await sql`vacuum analyze`;
    await sql`checkpoint`;
    const days = VEHICLES * DAYS;
    const lines: Line[] = [
      {
        section: SECTION,
        what: `everything, ${days} days of vehicles`,
        value: days / (everythingMs / 1_000),
        measured: `${Math.round(days / (everythingMs / 1_000))} days/s`,
        figures: `${(everythingMs / 1_000).toFixed(1)} s for ${days * FIXES_A_DAY} fixes`,
      },
    ];
    for (const change of Object.values(CHANGES)) {
      const concerned = imeis.slice(0, change.vehicles);
      const times = await interleave(
        {
          computed: async () => {
            await mark(sql, concerned, change.changed);
            return runJob(sql, workers);
          },
          read: () => timeOf(() => read(reader, concerned, change.read)),
        },
        ROUNDS,
      );
      const value = medianRatio(times.computed, times.read);
      lines.push({
        section: SECTION,
        what: change.what,
        value,
        measured: `${value.toFixed(1)} ×`,
        figures: `${median(times.computed).toFixed(0)} ms against ${median(times.read).toFixed(0)} ms`,
      });
    }
    return lines;
  } finally {
    await workers.stop();
    await reader.end();
  }
}

/** Runs the job until nothing is marked. @returns milliseconds */
function runJob(sql: postgres.Sql, workers: Running): Promise<number> {
  return timeOf(async () => {
    for (;;) {
      const { failures } = await post<{ failures: unknown[] }>(workers, "bench", "/derive", {});
      if (failures.length > 0) throw new Error(`the job failed: ${JSON.stringify(failures)}`);
      const left =
        await sql`select from private.dirty_days union all select from private.dirty_geofences limit 1`;
      if (left.length === 0) return;
    }
  });
}

async function mark(sql: postgres.Sql, imeis: string[], { fromMs, toMs }: Span): Promise<void> {
  await sql`
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    select imei, (${new Date(fromMs).toISOString()}::timestamptz at time zone zone)::date, ${new Date(fromMs).toISOString()},
      ${new Date(toMs - 1_000).toISOString()}, pg_current_xact_id()
    from unnest(${`{${imeis}}`}::text::text[]) imei, tracksolid.fleet`;
}

const read = (sql: postgres.Sql, imeis: string[], { fromMs, toMs }: Span) =>
  sql.unsafe(READ, [`{${imeis}}`, new Date(fromMs).toISOString(), new Date(toMs).toISOString()], {
    prepare: true,
  });

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}
