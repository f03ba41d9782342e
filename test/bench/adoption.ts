import type postgres from "postgres";
import { adoptCommand } from "../../scripts/db-adopt.ts";
import { callCommand } from "../setup/command.ts";
import { makeEarlier } from "../setup/earlier/schema.ts";
import type { BenchCluster } from "./cluster.ts";
import type { Line } from "./report.ts";

/** 31 days of three vehicles. */
const EVERY_S = 6;
const MILLIONS = (31 * 3 * 86_400) / EVERY_S / 1e6;
const SECTION = `db:adopt, ${MILLIONS.toFixed(2)} million positions, while somebody writes`;

/** Nobody may wait for longer. */
const BLOCKED_BOUND_S = 2;

/** What no fill can do without: every row of the history written once more, in one statement. */
const REWRITE = "update tracksolid.position_history set speed = speed";

/** Adopts a database, and rewrites the history of another like it. */
export async function measureAdoption(cluster: BenchCluster): Promise<Line[]> {
  const [adopted, rewritten] = [
    await cluster.create("adopted", "empty"),
    await cluster.create("rewritten", "empty"),
  ];
  for (const { sql } of [adopted, rewritten]) {
    await makeEarlier(sql, { everyS: EVERY_S });
    await sql`vacuum analyze`;
    await sql`checkpoint`;
  }
  const rewriteMs = await timed(() => rewritten.sql.unsafe(REWRITE));

  const writer = startWriting(adopted.sql);
  const adoptMs = await timed(async () => {
    const { code, stderr } = await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: adopted.url });
    if (code !== 0) throw new Error(`db:adopt ended with ${code}: ${stderr}`);
  });
  const { longestMs, writes } = await writer.end();
  const ratio = adoptMs / rewriteMs;
  return [
    {
      ...{ section: SECTION, what: "all of it, beside one rewrite of the history", value: ratio },
      measured: `${ratio.toFixed(1)} ×`,
      figures: `${(adoptMs / MILLIONS / 1000).toFixed(1)} s a million against ${(rewriteMs / MILLIONS / 1000).toFixed(1)} s`,
    },
    {
      ...{ section: SECTION, what: "longest wait of a writer", value: longestMs / 1000 / BLOCKED_BOUND_S },
      measured: `${(longestMs / 1000).toFixed(2)} s`,
      bound: `< ${BLOCKED_BOUND_S} s`,
      holds: longestMs < BLOCKED_BOUND_S * 1000,
      figures: `of ${writes} writes`,
    },
  ];
}

/** The earlier system, a fix after the other. */
function startWriting(sql: postgres.Sql) {
  let [longestMs, writes, ended] = [0, 0, false];
  const writing = (async () => {
    while (!ended) {
      writes += 1;
      const waitedMs = await timed(
        () => sql`
          insert into tracksolid.position_history (imei, gps_time, lat, lng, speed, source)
          values ('860000000000011', '2026-08-01T00:00Z'::timestamptz + make_interval(secs => ${writes}), -1.3, 36.8, 40, 'poll')
          on conflict (imei, gps_time) do nothing`,
      );
      longestMs = Math.max(longestMs, waitedMs);
    }
  })();
  return {
    async end() {
      ended = true;
      await writing;
      return { longestMs, writes };
    },
  };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}
