import type { BenchDatabase } from "../cluster.ts";
import { connect } from "../cluster.ts";
import { interleave, median } from "../measure.ts";
import type { Line } from "../report.ts";
import { type Served, serve } from "../served.ts";
import { benchWorker, productWorker } from "../workers.ts";
import { ask } from "./ask.ts";
import { computeAgain } from "./facts.ts";
import { QUESTIONS, type Question, TRACKS } from "./questions.ts";
import { type Statement, startRecorder } from "./recorder.ts";

const SECTION = "Tracks, trips and figures, p50 beyond a route that passes equal bytes through";

/** Design §7: 1.3 × the queries' own time + 1 ms. */
const FACTOR = 1.3;
const ALLOWANCE_MS = 1;

const ROUNDS = { warmUp: 2, rounds: 9 };
/** Each takes seconds. */
const LONG_ROUNDS = { warmUp: 1, rounds: 3 };

/**
 * Compares every route with the statements that it asks: those of one answer, one after the other. Local Hyperdrive opens a
 * backend for every request, so their own time is that on a new direct connection.
 */
export async function measureBeyond({ sql, urls }: BenchDatabase): Promise<Line[]> {
  const recorder = await startRecorder(urls.read);
  const product = { name: "product", ...productWorker() };
  const noted = await serve({ ...urls, read: recorder.url }, [product]);
  const statements = new Map<string, Statement[]>();
  try {
    for (const { path } of QUESTIONS) {
      await ask(new URL(path, await noted.url("product")));
      // The plan of a slow statement is asked for after the answer.
      statements.set(
        path,
        recorder.take().filter(({ text }) => !text.startsWith("explain")),
      );
    }
  } finally {
    await noted.stop();
    recorder.stop();
  }
  const served = await serve(urls, [product, { name: "bench", ...benchWorker }]);
  try {
    const lines: Line[] = [];
    for (const question of QUESTIONS) {
      const own = statements.get(question.path) ?? [];
      lines.push(...(await measure(served, { sql, urls }, question, own)));
    }
    return lines;
  } finally {
    await served.stop();
  }
}

async function measure(
  served: Served,
  { sql, urls }: Pick<BenchDatabase, "sql" | "urls">,
  { what, path }: Question,
  statements: Statement[],
): Promise<Line[]> {
  const url = new URL(path, await served.url("product"));
  const { bytes } = await ask(url);
  const pages = statements.filter(({ text }) => text === statements.at(-1)?.text).length;
  const bare = new URL(`/pass-through?bytes=${bytes}&pages=${pages}`, await served.url("bench"));
  const firstBytes = { route: [] as number[], bare: [] as number[] };
  const timed = (name: keyof typeof firstBytes, asked: URL) => async () => {
    const { ms, firstByteMs } = await ask(asked);
    firstBytes[name].push(firstByteMs);
    return ms;
  };
  const askRoute = timed("route", url);
  const before = statements.slice(0, statements.length - pages + 1);
  const rounds = path === TRACKS.month.path ? LONG_ROUNDS : ROUNDS;
  const times = await interleave(
    {
      // What was answered before would not go to the database.
      route: async () => {
        await computeAgain(sql);
        return askRoute();
      },
      passThrough: timed("bare", bare),
      own: () => ownTime(urls.read, statements),
      first: () => (pages > 1 ? ownTime(urls.read, before) : Promise.resolve(0)),
    },
    rounds,
  );
  const first = {
    route: firstBytes.route.slice(rounds.warmUp),
    passThrough: firstBytes.bare.slice(rounds.warmUp),
  };
  const asked = `${statements.length} statements`;
  return [
    line(what, times.route, times.passThrough, times.own, `${asked}; ${bytes.toLocaleString("en")} bytes`),
    ...(pages > 1
      ? [
          line(
            `${what}: first byte`,
            first.route,
            first.passThrough,
            times.first,
            `${before.length} statements`,
          ),
        ]
      : []),
  ];
}

function line(what: string, route: number[], bare: number[], own: number[], figures: string): Line {
  const beyondMs = median(route.map((ms, round) => ms - (bare[round] ?? Number.NaN)));
  const boundMs = FACTOR * median(own) + ALLOWANCE_MS;
  return {
    section: SECTION,
    what,
    value: beyondMs / boundMs,
    measured: `${beyondMs.toFixed(1)} ms`,
    bound: `≤ ${boundMs.toFixed(1)} ms`,
    holds: beyondMs <= boundMs,
    figures: `route ${median(route).toFixed(1)} ms, pass-through ${median(bare).toFixed(1)} ms, own ${median(own).toFixed(1)} ms in ${figures}`,
  };
}

/** Milliseconds that statements take one after the other where nothing was asked before but `select 1`. */
async function ownTime(url: string, statements: Statement[]): Promise<number> {
  const sql = connect(url);
  try {
    await sql`select 1`;
    const startMs = performance.now();
    for (const { text, parameters } of statements) await sql.unsafe(text, parameters, { prepare: true });
    return performance.now() - startMs;
  } finally {
    await sql.end();
  }
}
