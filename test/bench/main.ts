import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureAdoption } from "./adoption.ts";
import { measureAnalysts } from "./analysts.ts";
import { measureAnswers } from "./answers/index.ts";
import { measureBackup } from "./backup/index.ts";
import { type BenchCluster, startCluster } from "./cluster.ts";
import { measureConsole } from "./console/index.ts";
import { measureCost } from "./cost/index.ts";
import { measureExports } from "./exports/index.ts";
import { measureHistory } from "./history.ts";
import { measureHypertables } from "./hypertables.ts";
import { measureImports } from "./imports.ts";
import { measureLive } from "./live-map/index.ts";
import { measureParity } from "./parity.ts";
import { measurePast } from "./past/index.ts";
import { measurePushes } from "./pushes/index.ts";
import { measureReads } from "./reads.ts";
import { type Line, table } from "./report.ts";
import { measureReporting } from "./reporting.ts";
import { measureSize } from "./size.ts";
import { measureTiles } from "./tiles.ts";
import { measureVisible } from "./visible.ts";

const HELP = `Measures what design §7 bounds, as ratios to limits measured in the same run.

  npm run bench -- [sections] [--json] [--full] [--keep] [--only=<words>]

  sections  any of adoption, analysts, answers, backup, console, cost, history, imports, live, parity, past, pushes, reads, reporting, size, tiles, visible; all when none is named
  --json    one JSON document instead of the table
  --full    the backfill of past with all of its 150 vehicles
  --keep    of cost: what is counted is what docs/cost.md is computed from (test/bench/cost/counted.json)
  --only    of answers: questions whose name has these words, beside the earlier system alone

With TIMESCALE_URL, a superuser of a server that is for this alone, all of it is measured there, and there is one section
more: hypertables.

Exits with 1 when a bound is missed. Close everything else: the medians bear some noise, not a second load.`;

type Section = (
  cluster: BenchCluster,
  options: { full: boolean; keep: boolean; only?: string | undefined },
) => Promise<Line[]>;

const SECTIONS: Record<string, Section> = {
  adoption: measureAdoption,
  analysts: measureAnalysts,
  answers: measureAnswers,
  backup: measureBackup,
  console: measureConsole,
  cost: measureCost,
  exports: measureExports,
  history: measureHistory,
  imports: measureImports,
  live: measureLive,
  parity: measureParity,
  past: measurePast,
  pushes: measurePushes,
  reads: measureReads,
  reporting: measureReporting,
  size: measureSize,
  tiles: measureTiles,
  visible: measureVisible,
  ...(process.env.TIMESCALE_URL ? { hypertables: measureHypertables } : {}),
};

process.chdir(join(import.meta.dirname, "..", ".."));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const unknown = positionals.find((name) => !Object.hasOwn(SECTIONS, name));
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? HELP : `There is no section "${unknown}".\n\n${HELP}`);
  process.exit(values.help ? 0 : 2);
}

const names = positionals.length > 0 ? positionals : Object.keys(SECTIONS);
const startedMs = performance.now();
const loadBefore = loadavg()[0] ?? 0;
const lines: Line[] = [];
const cluster = await startCluster();
try {
  for (const name of names) {
    if (!values.json) process.stderr.write(`measuring ${name} …\n`);
    lines.push(...((await SECTIONS[name]?.(cluster, values)) ?? []));
  }
} finally {
  await cluster.stop();
}

const missed = lines.filter(({ holds }) => holds === false).length;
const durationS = Math.round((performance.now() - startedMs) / 1000);
if (values.json) {
  console.log(
    JSON.stringify({ at: new Date().toISOString(), durationS, loadBefore, missed, lines }, null, 2),
  );
} else {
  console.log(`\n${table(lines)}\n`);
  console.log(
    `${durationS} s, load before ${loadBefore.toFixed(2)}; ${missed === 0 ? "every bound holds" : `${missed} missed`}`,
  );
}
process.exit(missed === 0 ? 0 : 1);
