import type { Problem } from "../../shared/tickets/check.ts";
import type { Call } from "../command.ts";

/** More say no more, to people as to programs. */
export const MOST_TOLD = 200;

/** Of longer words people are told the beginning, and the end, where a reason stands. */
const LONGEST_WORDS = 600;
const LAST_WORDS = 100;

/** A row that would be new, or differ. */
export interface Change {
  /** What names it. */
  key: string;
  isNew: boolean;
  /** Columns that differ, with words for both. */
  columns: { name: string; from: string | null; to: string | null }[];
}

/** Rows by what becomes of them. */
export interface Counts {
  new: number;
  changed: number;
  /** As they are known. */
  same: number;
  /** Older than what is known: left. */
  older: number;
  bad: number;
}

/** Rows that cannot be taken: how many, and the first of them. */
export interface Bad {
  rows: number;
  problems: Problem[];
}

/** What an import did, or would do. */
export interface Outcome {
  /** By where the rows go. */
  counts: Record<string, Omit<Counts, "bad">>;
  changes: Change[];
  bad: Bad;
  /** What else is worth knowing. */
  notes: string[];
  /** The same for programs. */
  facts: Record<string, unknown>;
}

/** How an import was asked for. */
export interface Request {
  apply: boolean;
  /** Whether rows that cannot be taken leave the others alone. */
  skipBad: boolean;
}

export const noBad = (): Bad => ({ rows: 0, problems: [] });

/** Notes a row that cannot be taken. */
export function addBad(bad: Bad, place: string, reasons: string[]): void {
  bad.rows++;
  if (bad.problems.length < MOST_TOLD) bad.problems.push(...reasons.map((reason) => ({ place, reason })));
}

/** Whether bad rows keep the others out. */
export const isRefused = ({ skipBad }: Request, bad: Bad): boolean => bad.rows > 0 && !skipBad;

/** Says what came of an import. @returns the exit code: 1 where a row is not in */
export function report(
  { log, error, table, result }: Call,
  request: Request,
  { counts, changes, bad, notes, facts }: Outcome,
): number {
  const refused = isRefused(request, bad);
  const applied = request.apply && !refused;
  const sum = (fate: keyof Omit<Counts, "bad">) =>
    Object.values(counts).reduce((total, { [fate]: rows }) => total + rows, 0);
  const all: Counts = {
    ...{ new: sum("new"), changed: sum("changed"), same: sum("same"), older: sum("older"), bad: bad.rows },
  };

  const problems = bad.problems
    .slice(0, MOST_TOLD)
    .map(({ place, reason }) => ({ place: inLine(place), reason: inLine(reason) }));
  for (const { place, reason } of problems) error(`${place}: ${reason}`);
  // A row may have several reasons.
  if (bad.rows > new Set(problems.map(({ place }) => place)).size) error("and more");
  for (const change of changes.slice(0, MOST_TOLD)) log(lineOf(change));
  const untold = all.new + all.changed - changes.length;
  if (!refused && untold > 0) log(`and ${untold} more`);
  for (const note of notes) log(note);
  if (!refused) table(Object.keys(counts).length > 1 ? { ...counts, all } : { rows: all });
  log(summaryOf(all, request, refused));
  result({ applied, ...all, counts, changes: changes.slice(0, MOST_TOLD), problems, ...facts });
  return bad.rows > 0 ? 1 : 0;
}

/** What is in a cell may be a document, and may steer a terminal. */
function inLine(text: string): string {
  const short =
    text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS)} … ${text.slice(-LAST_WORDS)}` : text;
  return short.replaceAll(/\p{Cc}+/gu, " ");
}

const word = (value: string | null) => (value === null ? "–" : inLine(value));

/** What becomes of a row, for people. */
export function lineOf({ key, isNew, columns }: Change): string {
  const differing = columns.map(({ name, from, to }) => `${inLine(name)}: ${word(from)} → ${word(to)}`);
  return `${inLine(key)}${isNew ? " (new)" : ""}  ${differing.join("; ")}`;
}

function summaryOf(all: Counts, { apply, skipBad }: Request, refused: boolean): string {
  const rows = (count: number, verb: string) => `${count} ${count === 1 ? "row" : "rows"} ${verb}`;
  if (refused) {
    return `Nothing was changed: ${rows(all.bad, "cannot be taken")}. Mend them, or take the others with --skip-bad.`;
  }
  const older = all.older > 0 ? `, ${all.older} older than what is known` : "";
  const bad = skipBad && all.bad > 0 ? `, ${all.bad} bad and left out` : "";
  const counts = `${all.new} new, ${all.changed} changed, ${all.same} as known${older}${bad}.`;
  if (apply) return counts;
  const nothing = all.new + all.changed === 0;
  return `It would be: ${counts}${nothing ? "" : " Add --apply to do it."}`;
}
