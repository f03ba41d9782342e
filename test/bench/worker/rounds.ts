import postgres from "postgres";
import history from "#sql/workers/writer/history.sql";
import type { Message } from "../../../shared/message.ts";
import { commit } from "../../../workers/writer/commit.ts";
import { readMessage } from "../../../workers/writer/parse.ts";
import { type Item, ItemStream } from "../items.ts";
import { interleave, type Timed } from "../measure.ts";
import { CREATE_STAGE, type WriterName, writers } from "../writers.ts";
import type { BenchEnv } from "./index.ts";

/** What to time. */
export interface RoundsRequest {
  templates: Item[];
  startMs: number;
  what: (WriterName | "resent" | "commit" | "readAndCommit")[];
  rowsPerStatement: number;
  statementsPerRound: number;
  warmUp: number;
  rounds: number;
}

/** Milliseconds of every round. */
export type Rounds = Partial<Record<RoundsRequest["what"][number], number[]>>;

/** All rounds run in one invocation, on one connection. */
export async function writeRounds(env: BenchEnv, request: RoundsRequest): Promise<Rounds> {
  const sql = postgres(env.DB_INGEST.connectionString, { max: 1, fetch_types: false, onnotice: () => {} });
  await sql.unsafe(CREATE_STAGE);
  return interleave(timers(sql, history, request), request);
}

function timers(sql: postgres.Sql, statement: string, request: RoundsRequest): Record<string, Timed> {
  const { rowsPerStatement, statementsPerRound } = request;
  const stream = new ItemStream(request.templates, request.startMs);
  const ways = writers(statement);
  let sequence = 0;

  /** Rows are made beforehand; in workerd the clock stands still but for I/O, so some comes before each reading. */
  async function time<Input>(make: () => Input, write: (input: Input) => Promise<unknown>): Promise<number> {
    const inputs = Array.from({ length: statementsPerRound }, make);
    await sql`select 1`;
    const startMs = performance.now();
    for (const input of inputs) await write(input);
    return performance.now() - startMs;
  }

  const message = (): Message => {
    const items = stream.next(rowsPerStatement);
    const receivedAt = new Date(stream.receivedMs()).toISOString();
    const id = { producer: `bench-${request.startMs}`, sequence: ++sequence, itemsBefore: 0 };
    return {
      v: 1,
      id,
      receipt: "bench",
      part: { number: 1, of: 1 },
      source: "poll",
      kind: "location",
      account: "bench",
      imei: null,
      receivedAt,
      via: null,
      items,
      stored: null,
    };
  };
  const rows = () => stream.nextFixes(rowsPerStatement);
  const resent = rows();
  const all: Record<string, Timed> = {
    resent: () =>
      time(
        () => resent,
        (fixes) => ways.statement(sql, fixes),
      ),
    commit: () =>
      time(
        () => readMessage(message()),
        (read) => commit(sql, [read], { id: crypto.randomUUID(), startedMs: Date.now() }),
      ),
    readAndCommit: () =>
      time(message, (sent) =>
        commit(sql, [readMessage(sent)], { id: crypto.randomUUID(), startedMs: Date.now() }),
      ),
  };
  for (const name of Object.keys(ways) as WriterName[]) {
    all[name] = () => time(rows, (fixes) => ways[name](sql, fixes));
  }
  return Object.fromEntries(request.what.map((name) => [name, all[name] as Timed]));
}
