import type postgres from "postgres";
import { parityCommand } from "../../scripts/db-parity.ts";
import { callCommand } from "../setup/command.ts";
import { FIXES_A_DAY, fillHistory } from "../setup/reporting-history.ts";
import { type BenchCluster, connect } from "./cluster.ts";
import { interleave, median, medianRatio } from "./measure.ts";
import type { Line } from "./report.ts";

const VEHICLES = 50;
const DAYS = 7;
const MILLIONS = (VEHICLES * DAYS * FIXES_A_DAY) / 1e6;
const SECTION = `db:parity, ${MILLIONS.toFixed(2)} million positions on either side, beside one sequential read of both`;
const ROUNDS = { warmUp: 1, rounds: 5 };

const FROM = Date.UTC(2026, 8, 1);
const TO = FROM + DAYS * 24 * 3_600_000;

/** What no comparison can do without: the values that are compared, read and hashed once. */
const READ = `
  select count(*), sum(hashtext(imei || gps_time || lat || lng)) from tracksolid.position_history
  where gps_time >= '${new Date(FROM).toISOString()}' and gps_time < '${new Date(TO).toISOString()}'`;

/** Compares databases of the same fleet: that are equal, and with a day of every vehicle that is not. */
export async function measureParity(cluster: BenchCluster): Promise<Line[]> {
  const [here, there] = [await cluster.create("parity_here"), await cluster.create("parity_there")];
  const imeis = Array.from({ length: VEHICLES }, (_, index) => String(861_000_000_000_000 + index));
  for (const { sql } of [here, there]) {
    await fillHistory(sql, { imeis, from: new Date(FROM), to: new Date(TO) });
    await sql`vacuum analyze`;
    await sql`checkpoint`;
  }
  const readers = [here, there].map(({ urls }) => connect(urls.read));
  // As many processes as the comparison has.
  for (const reader of readers) await reader`set max_parallel_workers_per_gather = 0`;
  const measure = async (what: string, code: number): Promise<Line> => {
    const times = await interleave(
      {
        parity: timed(() => compare(here.urls.read, there.urls.read, code)),
        read: timed(() => Promise.all(readers.map((reader) => reader.unsafe(READ)))),
      },
      ROUNDS,
    );
    const value = medianRatio(times.parity, times.read);
    const perMillion = (ms: number[]) => `${(median(ms) / MILLIONS).toFixed(0)} ms`;
    return {
      ...{ section: SECTION, what, value, measured: `${value.toFixed(1)} ×` },
      figures: `${perMillion(times.parity)} a million against ${perMillion(times.read)}`,
    };
  };
  try {
    const equal = await measure("databases that are equal", 0);
    await spoilADay(there.sql);
    return [equal, await measure("a position missing from a day of every vehicle", 1)];
  } finally {
    for (const reader of readers) await reader.end();
  }
}

async function compare(here: string, there: string, expected: number): Promise<void> {
  const span = ["--from", new Date(FROM).toISOString(), "--to", new Date(TO).toISOString(), "--live"];
  const { code, stderr } = await callCommand(parityCommand, span, {
    ...{ DATABASE_URL: here, OTHER_DATABASE_URL: there },
  });
  if (code !== expected) throw new Error(`db:parity ended with ${code} instead of ${expected}: ${stderr}`);
}

const spoilADay = (sql: postgres.Sql) =>
  sql`delete from tracksolid.position_history where gps_time = ${new Date(FROM + 60 * 3_600_000).toISOString()}`;

const timed = (act: () => Promise<unknown>) => async () => {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
};
