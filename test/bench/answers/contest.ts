import type postgres from "postgres";
import type { BenchDatabase } from "../cluster.ts";
import { missingForEarlier, startEarlier } from "../earlier/start.ts";
import { interleave, median, medianRatio } from "../measure.ts";
import { startPooler } from "../pooler.ts";
import type { Line } from "../report.ts";
import { serve } from "../served.ts";
import { productWorker } from "../workers.ts";
import { ask, textOf } from "./ask.ts";
import { computeAgain } from "./facts.ts";
import { type Question, TRACKS } from "./questions.ts";
import { expectSameFacts } from "./same-facts.ts";

const SECTION =
  "Beside a stand-in of the earlier system (FastAPI, psycopg2, one process) with the same facts: above 1 the Worker is faster";

const ROUNDS = { warmUp: 2, rounds: 9 };
const CALLERS = 8;
const LOAD_ROUNDS = { warmUp: 0, rounds: 3 };
const LOAD_MS = 1_000;

/** Each takes seconds: a load is as many as there are callers. */
const LONG_ROUNDS = { warmUp: 1, rounds: 3 };
const LONG_LOAD_ROUNDS = { warmUp: 0, rounds: 1 };

interface Contest extends Question {
  ours: URL;
  theirs: URL;
}

/**
 * Asks both the same. Both have backends that were used before: the stand-in keeps its own, and the Worker's come from a pool,
 * as deployed Hyperdrive gives them.
 */
export async function measureContest({ sql, urls }: BenchDatabase, questions: Question[]): Promise<Line[]> {
  const missing = await missingForEarlier();
  if (missing !== null) {
    return [{ section: SECTION, what: "the stand-in", value: Number.NaN, measured: "", figures: missing }];
  }
  const pooler = await startPooler(urls.read);
  const earlier = await startEarlier(urls.read);
  const served = await serve({ ...urls, read: pooler.url }, [{ name: "product", ...productWorker() }]);
  try {
    const product = await served.url("product");
    const lines: Line[] = [];
    for (const question of questions) {
      const { path, earlier: theirPath } = question;
      const contest = { ...question, ours: new URL(path, product), theirs: new URL(theirPath, earlier.url) };
      expectSameFacts(question.what, await textOf(contest.ours), await textOf(contest.theirs));
      lines.push(...(await measureOne(contest)), await measureLoad(contest));
      if (path.includes("/analytics/")) lines.push(await measureChanged(contest, sql));
    }
    return lines;
  } finally {
    await served.stop();
    await earlier.stop();
    pooler.stop();
  }
}

async function measureOne({ what, path, ours, theirs }: Contest): Promise<Line[]> {
  const firstBytes = { ours: [] as number[], theirs: [] as number[] };
  const timed = (name: keyof typeof firstBytes, url: URL) => async () => {
    const { ms, firstByteMs } = await ask(url);
    firstBytes[name].push(firstByteMs);
    return ms;
  };
  const rounds = path === TRACKS.month.path ? LONG_ROUNDS : ROUNDS;
  const times = await interleave({ ours: timed("ours", ours), theirs: timed("theirs", theirs) }, rounds);
  const lines = [line(`${what}: one caller`, times.theirs, times.ours, "ms")];
  if (path !== TRACKS.month.path) return lines;
  const [first, theirFirst] = [firstBytes.ours, firstBytes.theirs].map((all) => all.slice(rounds.warmUp));
  return [...lines, line(`${what}: first byte`, theirFirst ?? [], first ?? [], "ms")];
}

/**
 * Each time after something of the period was computed again, when nothing that was made before is good any more. Reported only: for
 * its answers' sake the Worker asks for a revision first, and opens a connection each time.
 */
async function measureChanged({ what, ours, theirs }: Contest, sql: postgres.Sql): Promise<Line> {
  const times: Record<"ours" | "theirs", number[]> = { ours: [], theirs: [] };
  for (let round = 0; round < ROUNDS.rounds; round++) {
    await computeAgain(sql);
    times.ours.push((await ask(ours)).ms);
    times.theirs.push((await ask(theirs)).ms);
  }
  const {
    bound: _,
    holds: __,
    ...told
  } = line(`${what}: one caller, after a change`, times.theirs, times.ours, "ms");
  return told;
}

async function measureLoad({ what, path, ours, theirs }: Contest): Promise<Line> {
  const isLong = path === TRACKS.month.path;
  const rates = await interleave(
    {
      ours: () => ratePerS(ours, isLong ? 0 : LOAD_MS),
      theirs: () => ratePerS(theirs, isLong ? 0 : LOAD_MS),
    },
    isLong ? LONG_LOAD_ROUNDS : LOAD_ROUNDS,
  );
  return line(`${what}: ${CALLERS} callers`, rates.ours, rates.theirs, "/s");
}

/** Requests a second of callers that ask again and again, at least once each. */
async function ratePerS(url: URL, durationMs: number): Promise<number> {
  const startMs = performance.now();
  let answers = 0;
  const caller = async () => {
    do {
      await ask(url);
      answers += 1;
    } while (performance.now() - startMs < durationMs);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return (answers * 1_000) / (performance.now() - startMs);
}

/** What is better the higher it is goes above, what is better the lower below. */
function line(what: string, above: number[], below: number[], unit: string): Line {
  const value = medianRatio(above, below);
  const [worker, earlier] = unit === "ms" ? [below, above] : [above, below];
  return {
    section: SECTION,
    what,
    value,
    measured: value.toFixed(2),
    bound: "≥ 1",
    holds: value >= 1,
    figures: `${median(worker).toFixed(1)} ${unit} against ${median(earlier).toFixed(1)} ${unit}`,
  };
}
