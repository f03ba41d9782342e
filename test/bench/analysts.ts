import { type AnalystRecord, newToken, tokenName } from "../../shared/analysts.ts";
import { bearer, mcpRequest, queryMessage } from "../setup/mcp.ts";
import { fillHistory } from "../setup/reporting-history.ts";
import { type BenchCluster, connect } from "./cluster.ts";
import { interleave, median } from "./measure.ts";
import { startPooler } from "./pooler.ts";
import type { Line } from "./report.ts";
import { type Served, serve } from "./served.ts";
import { weigh, weightLine } from "./weigh.ts";
import { productWorker } from "./workers.ts";

const SECTION = "A query through the analysts' door, p50 beside a direct connection";
const PRODUCT = "product";
const ROUNDS = { warmUp: 5, rounds: 31 };

/** What the door may add: its turns, its record, two plans, and what reads the cursor. */
const ALLOWANCE_MS = 30;
const SHARE = 0.1;

const DAY_MS = 24 * 3_600_000;
const TO = new Date("2026-11-01T00:00:00Z");
const VEHICLES = 50;
const DAYS = 4;

/** From what takes no time to what takes a core for a second. */
const QUERIES: [what: string, sql: string, maxRows: number][] = [
  ["one row of nothing", "select 1 as one", 1_000],
  [
    "1,000 fixes of a vehicle",
    "select * from tracksolid.position_history where imei = '862000000000000' order by gps_time limit 1000",
    1_000,
  ],
  [
    "10,000 fixes, five columns",
    "select imei, gps_time, lat, lng, speed_kmh from tracksolid.position_history where imei = '862000000000000' order by gps_time limit 10000",
    10_000,
  ],
  [
    "figures by vehicle and day",
    "select imei, gps_time::date as day, count(*) as fixes, max(speed_kmh) as top_kmh, avg(speed_kmh) filter (where speed_kmh > 3) as moving_kmh from tracksolid.position_history group by 1, 2 order by 1, 2",
    1_000,
  ],
  [
    "all fixes in the order of their speed",
    "select imei, rank() over (order by speed_kmh desc, gps_time) as place from tracksolid.position_history order by place limit 100",
    1_000,
  ],
];

/** As large as an answer may be, most of it not Latin: as a string twice as long. */
const LARGEST = "select n, repeat('жx', 2660) as words from generate_series(1, 990) n";

/** As many as may ask at once. */
const AT_ONCE = 8;

/** Of the 128 MB that an isolate has. Also the limit of the runtime's heap. */
const MOST_MB = 100;

/** A query of a second and more, over and over, while somebody else works. */
const HEAVY = QUERIES[4]?.[1] ?? "";

/** Asks the same through the door and on a connection that is open, and looks at what others feel of it. */
export async function measureAnalysts(cluster: BenchCluster): Promise<Line[]> {
  const { sql, urls } = await cluster.create("analysts");
  const imeis = Array.from({ length: VEHICLES }, (_, n) => String(862000000000000 + n));
  await fillHistory(sql, { imeis, from: new Date(TO.getTime() - DAYS * DAY_MS), to: TO });
  await sql`vacuum analyze`;
  await sql`checkpoint`;
  const direct = connect(urls.analyst);
  // As deployed Hyperdrive has them: backends that were used before.
  const pooler = await startPooler(urls.analyst);
  const vars = { ANALYST_DAY_S: "1000000", ANALYST_DAY_BYTES: "1000000000000", ANALYST_BURST: "10000" };
  const served = await serve({ ...urls, analyst: pooler.url }, [{ name: PRODUCT, ...productWorker(vars) }], {
    inspectorPort: 0,
    heapLimitMb: MOST_MB,
  });
  try {
    const ask = await connectAnalyst(served);
    const lines: Line[] = [];
    for (const [what, statement, maxRows] of QUERIES) {
      const times = await interleave(
        {
          door: timed(() => ask(statement, maxRows)),
          direct: timed(() => direct.unsafe(statement, [], { prepare: true })),
        },
        ROUNDS,
      );
      lines.push(judged(what, median(times.door), median(times.direct)));
    }
    lines.push(await measureNeighbour(sql, ask));
    const weight = await weigh(served, () =>
      Promise.all(Array.from({ length: AT_ONCE }, () => ask(LARGEST, 1_000))),
    );
    const what = `memory of the Worker with ${AT_ONCE} answers of 8 MB at once`;
    lines.push(weightLine({ section: SECTION, what, weight, mostMb: MOST_MB, limitMb: MOST_MB }));
    return lines;
  } finally {
    await served.stop();
    pooler.stop();
    await direct.end();
  }
}

function judged(what: string, doorMs: number, directMs: number): Line {
  const boundMs = directMs * (1 + SHARE) + ALLOWANCE_MS;
  return {
    section: SECTION,
    what,
    value: doorMs - directMs,
    measured: `${doorMs.toFixed(1)} ms`,
    bound: `≤ ${boundMs.toFixed(1)} ms`,
    holds: doorMs <= boundMs,
    figures: `direct ${directMs.toFixed(1)} ms`,
  };
}

type Ask = (sql: string, maxRows: number) => Promise<void>;

async function connectAnalyst({ runtime, url }: Served): Promise<Ask> {
  const token = newToken();
  const record: AnalystRecord = {
    ...{ id: "bench", name: "bench", email: null, schemas: ["reporting", "tracksolid", "tickets", "fuel"] },
    ...{ createdAt: TO.toISOString(), expiresAt: null },
  };
  const { KEYS } = await runtime.getBindings<Env>(PRODUCT);
  await KEYS.put(await tokenName(token), JSON.stringify(record));
  const door = new URL("/mcp", await url(PRODUCT));
  return async (statement, maxRows) => {
    const message = queryMessage(statement, { max_rows: maxRows });
    const response = await fetch(door, mcpRequest(message, bearer(token)));
    const text = await response.text();
    if (response.status !== 200 || text.includes('"isError":true'))
      throw new Error(`${response.status}: ${text}`);
  };
}

/** What the writer's kind of work takes beside one query that takes a core, against the same alone. */
async function measureNeighbour(
  sql: Awaited<ReturnType<BenchCluster["create"]>>["sql"],
  ask: Ask,
): Promise<Line> {
  const work = timed(
    () => sql`
      update tracksolid.devices set remark = now()::text
      where imei in (select imei from tracksolid.devices order by imei limit 20)`,
  );
  const rounds = async () => {
    const times: number[] = [];
    for (let n = 0; n < 200; n += 1) times.push(await work());
    return median(times);
  };
  await rounds();
  const aloneMs = await rounds();
  let asking = true;
  const queries = (async () => {
    while (asking) await ask(HEAVY, 100);
  })();
  const besideMs = await rounds();
  asking = false;
  await queries;
  const ratio = besideMs / aloneMs;
  return {
    section: SECTION,
    what: "another connection's update of 20 rows beside one query that takes a core",
    value: ratio,
    measured: `${ratio.toFixed(2)} ×`,
    figures: `${besideMs.toFixed(2)} ms against ${aloneMs.toFixed(2)} ms`,
  };
}

const timed = (act: () => Promise<unknown>) => async () => {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
};
