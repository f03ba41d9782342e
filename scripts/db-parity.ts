import postgres from "postgres";
import { imei } from "../shared/tickets/fields.ts";
import { type DatabaseCall, databaseCommand, END_PATIENCE_S, reasonOf, runFromTerminal } from "./command.ts";
import { compareDatabases, type Question } from "./parity/compare.ts";
import { report } from "./parity/report.ts";
import { readBorder } from "./parity/span.ts";
import { judge, type Verdict } from "./parity/verdict.ts";

/** More is no list that anybody reads, and is kept in memory. */
const MOST_SHOWN = 10_000;
const WIDEST_TOLERANCE_KM = 1_000;

const CODES: Record<Verdict, number> = { equal: 0, different: 1, unproven: 2 };

const options = {
  other: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  imei: { type: "string", multiple: true },
  "tolerance-km": { type: "string", default: "0.001" },
  most: { type: "string", default: "20" },
  live: { type: "boolean", default: false },
} as const;

export const parityCommand = databaseCommand({
  help: `Compares the facts of two databases of one fleet, whoever writes them: vehicle by vehicle and day by day.

  npm run db:parity
  npm run db:parity -- --other postgres://dashboard_ro@db:5432/fleet --from 2026-01-15 --to 2026-01-16 --imei IMEI

  --other URL        the other database, without a password; that of OTHER_DATABASE_URL unless it is given
  --from, --to       a day in the zone of the fleet (2026-01-15) or a time with its zone (2026-01-15T06:00Z); --to is the first
                     instant left out. The seven last whole days unless they are given
  --imei IMEI        this vehicle alone; may be given several times
  --tolerance-km KM  kilometres of a trip may differ by so much (0.001)
  --most N           differences and doubles that are shown of a kind (20)
  --live             also compare what is younger than 10 minutes, of which one database may not know yet

DATABASE_URL and OTHER_DATABASE_URL are direct connections of roles that may read the schema tracksolid. Nothing is changed.
Ends with 0 where both have the same, with 1 where they differ, with 2 where nothing could be compared. See docs/parity.md.`,
  options,
  takes: (words) => words.length === 0,
  async run(call) {
    try {
      return await run(call);
    } catch (failure) {
      call.error(reasonOf(failure));
      return 2;
    }
  },
});

async function run({
  sql,
  values,
  environment,
  log,
  table,
  progress,
  result,
}: DatabaseCall<typeof options>): Promise<number> {
  const question: Question = {
    borders: { from: readBorder("--from", values.from), to: readBorder("--to", values.to) },
    isLive: values.live,
    imeis: readImeis(values.imei ?? []),
    toleranceKm: readNumber("--tolerance-km", values["tolerance-km"], WIDEST_TOLERANCE_KM),
    most: readNumber("--most", values.most, MOST_SHOWN),
  };
  if (!Number.isInteger(question.most)) throw new Error("--most is a whole number.");
  const url = readOther(values.other, environment.OTHER_DATABASE_URL);
  const there = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const parity = await compareDatabases(sql, there, question, progress);
    const verdict = judge(parity);
    report(parity, verdict, question.most, { log, table });
    result({ verdict, ...parity });
    return CODES[verdict];
  } finally {
    await there.end({ timeout: END_PATIENCE_S });
  }
}

/** Where the other database is. Whatever a command is called with stands in the list of processes, for every user of a machine. */
function readOther(option: string | undefined, variable: string | undefined): string {
  if (option === undefined) {
    if (!variable) throw new Error("Set OTHER_DATABASE_URL to the other database, or name it with --other.");
    return readUrl("OTHER_DATABASE_URL", variable).href;
  }
  const url = readUrl("--other", option);
  if (url.password !== "" || url.searchParams.has("password")) {
    throw new Error(
      "--other has a password, which the list of processes shows: set OTHER_DATABASE_URL to the URL instead.",
    );
  }
  return url.href;
}

function readUrl(name: string, text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Error(`${name} is no URL of a database: write postgres://role@host:5432/database.`);
  }
  return url;
}

function readImeis(texts: string[]): string[] {
  for (const text of texts) {
    const { error } = imei.safeParse(text);
    if (error) throw new Error(`--imei "${text}" ${error.issues[0]?.message}.`);
  }
  return [...new Set(texts)];
}

function readNumber(name: string, text: string, most: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value > most)
    throw new Error(`${name} "${text}" is no number from 0 to ${most}.`);
  return value;
}

if (import.meta.main) await runFromTerminal(parityCommand);
