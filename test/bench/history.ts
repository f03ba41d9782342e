import { readFile } from "node:fs/promises";
import { type BenchCluster, type BenchDatabase, connect } from "./cluster.ts";
import { templates } from "./fleet.ts";
import { ItemStream } from "./items.ts";
import { interleave, median, medianRatio } from "./measure.ts";
import type { Line } from "./report.ts";
import type { Rounds, RoundsRequest } from "./worker/rounds.ts";
import { benchWorker, post, startWorkers } from "./workers.ts";
import { CREATE_STAGE, type WriterName, writers } from "./writers.ts";

const SECTION = "History statement, rows/s as a share of the limit (17 columns, fsync on, one connection)";
const ROUNDS = { warmUp: 2, rounds: 11 };

/** Rows of a round: enough that a clock of whole milliseconds will do. */
const ROWS_PER_ROUND = 8_000;

/** The first fleet, each vehicle with several fixes; and a poll of a large one, each vehicle once. */
const FLEET = 150;
const LARGE_FLEET = 1_000;

/** Compares the history statement with COPY. */
export async function measureHistory(cluster: BenchCluster): Promise<Line[]> {
  const database = await cluster.create("history");
  const workers = await startWorkers(database.urls, [benchWorker]);
  const fleet = templates(FLEET);
  const lines: Line[] = [];
  try {
    for (const rows of [1_000, 100, 5_000]) {
      const request = { ...shape(rows), templates: fleet, startMs: freshStartMs() };
      const what: RoundsRequest["what"] = ["statement", "copy", "stage", "stageDoNothing", "resent"];
      if (rows >= 1_000) what.push("unnest", "json");
      const rounds = await post<Rounds>(workers, "bench", "/rounds", { ...request, what });
      lines.push(...compare(request, rounds, "workerd"));
      await startOver(database);
    }
    const request = { ...shape(1_000), templates: templates(LARGE_FLEET), startMs: freshStartMs() };
    const what: RoundsRequest["what"] = ["commit", "readAndCommit", "copy"];
    const rounds = await post<Rounds>(workers, "bench", "/rounds", { ...request, what });
    const share = (name: "commit" | "readAndCommit", text: string) =>
      line(`1,000 items, ${text}: of COPY`, request, rounds[name], rounds.copy);
    lines.push(
      share("commit", "commit() of devices, history, live, receipts, log"),
      share("readAndCommit", "the same with parsing"),
    );
    await startOver(database);
  } finally {
    await workers.stop();
  }
  return [...lines, ...(await fromNode(database))];
}

/** The same ways from Node, without Hyperdrive in between. */
async function fromNode({ urls, sql: admin }: BenchDatabase): Promise<Line[]> {
  const request = { ...shape(1_000), startMs: freshStartMs() };
  const stream = new ItemStream(templates(FLEET), request.startMs);
  const ways = writers(await readFile("workers/writer/history.sql", "utf8"));
  const sql = connect(urls.ingest);
  await sql.unsafe(CREATE_STAGE);
  const timer = (name: WriterName) => async () => {
    const batches = Array.from({ length: request.statementsPerRound }, () =>
      stream.nextFixes(request.rowsPerStatement),
    );
    const startMs = performance.now();
    for (const batch of batches) await ways[name](sql, batch);
    return performance.now() - startMs;
  };
  const rounds = await interleave(
    { statement: timer("statement"), copy: timer("copy"), stage: timer("stage") },
    request,
  );
  await sql.end();
  await startOver({ sql: admin });
  return compare(request, rounds, "Node");
}

type Shape = Pick<RoundsRequest, "rowsPerStatement" | "statementsPerRound" | "rounds" | "warmUp">;

function shape(rowsPerStatement: number): Shape {
  return { rowsPerStatement, statementsPerRound: Math.ceil(ROWS_PER_ROUND / rowsPerStatement), ...ROUNDS };
}

function compare(request: Shape, times: Rounds, where: string): Line[] {
  const { statement, copy, stage, stageDoNothing, resent, unnest, json } = times;
  const rows = `${request.rowsPerStatement.toLocaleString("en")} rows, ${where}`;
  const judged = request.rowsPerStatement === 1_000 && where === "workerd";
  return [
    line(`${rows}: of bare COPY`, request, statement, copy, judged ? 0.5 : undefined),
    line(`${rows}: of COPY to a stage + insert`, request, statement, stage, judged ? 0.9 : undefined),
    ...(stageDoNothing
      ? [line(`${rows}: of the same, insert … do nothing`, request, statement, stageDoNothing)]
      : []),
    ...(unnest ? [line(`${rows}: as unnest of array literals, of bare COPY`, request, unnest, copy)] : []),
    ...(json ? [line(`${rows}: as json_to_recordset, of bare COPY`, request, json, copy)] : []),
    ...(resent ? [line(`${rows}: all duplicates, of bare COPY`, request, resent, copy)] : []),
  ];
}

function line(
  what: string,
  request: Shape,
  ours: number[] = [],
  limit: number[] = [],
  atLeast?: number,
): Line {
  const value = medianRatio(limit, ours);
  const rowsPerS = (ms: number[]) =>
    `${Math.round((request.rowsPerStatement * request.statementsPerRound) / median(ms))} k/s`;
  return {
    section: SECTION,
    what,
    value,
    measured: value.toFixed(2),
    ...(atLeast === undefined ? {} : { bound: `≥ ${atLeast}`, holds: value >= atLeast }),
    figures: `${rowsPerS(ours)} against ${rowsPerS(limit)}`,
  };
}

let series = 0;

/** Every series of rounds has a month of its own, so that no key meets another's. */
function freshStartMs(): number {
  return Date.UTC(2026, series++, 2);
}

async function startOver({ sql }: Pick<BenchDatabase, "sql">): Promise<void> {
  await sql`truncate tracksolid.position_history, tracksolid.live_positions, tracksolid.ingestion_log, private.receipts`;
  await sql`analyze`;
  await sql`checkpoint`;
}
