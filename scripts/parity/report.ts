import type { Terminal } from "../command.ts";
import type { Parity } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import type { Devices } from "./devices.ts";
import type { Row } from "./rows.ts";
import type { Verdict } from "./verdict.ts";

/** Shows what came of a comparison. */
export function report(
  { span, here, there, notes, devices, comparisons }: Parity,
  verdict: Verdict,
  most: number,
  { log, table }: Pick<Terminal, "log" | "table">,
): void {
  const [first, last] = [span.days[0], span.days.at(-1)];
  log(`Here is ${here}, there is ${there}.`);
  log(
    `${span.days.length} days in ${span.zone}, ${first?.day} to ${last?.day}: from ${first?.from} until ${last?.to}.`,
  );
  for (const line of [...notes, ...devicesLines(devices, most)]) log(line);
  for (const comparison of comparisons) for (const line of linesOf(comparison, most)) log(line);
  table(Object.fromEntries(comparisons.map(summaryOf)));
  log(VERDICTS[verdict]);
}

const VERDICTS: Record<Verdict, string> = {
  equal: "The databases are equal.",
  different: "The databases differ.",
  unproven: "Neither has a fact of these days, which proves nothing.",
};

function devicesLines({ here, there, onlyHere, onlyThere }: Devices, most: number): string[] {
  return [
    `devices: ${here} here, ${there} there`,
    ...listed("only here", onlyHere, most),
    ...listed("only there", onlyThere, most),
  ];
}

function listed(where: string, imeis: string[], most: number): string[] {
  if (imeis.length === 0) return [];
  return [`  ${told(imeis.length, where, most)}: ${imeis.slice(0, most).map(shown).join(", ")}`];
}

function linesOf(comparison: Comparison, most: number): string[] {
  const { differences, here, there } = comparison;
  const lines = [held(comparison)];
  if (differences.total > 0) {
    lines.push(`  ${told(differences.total, "differ", most)}`);
    for (const { imei, here: ours, there: theirs } of differences.shown) {
      lines.push(`    ${shown(imei)} ${(ours ?? theirs)?.at} UTC`);
      lines.push(`      here   ${rowText(ours)}`, `      there  ${rowText(theirs)}`);
    }
  }
  if (comparison.endedInOne > 0)
    lines.push(`  ${comparison.endedInOne} ended in one, and not yet in the other`);
  for (const [where, { doubles }] of Object.entries({ here, there })) {
    if (doubles.total === 0) continue;
    lines.push(`  ${told(doubles.total, `more than once ${where}`, most)}`);
    for (const { imei, row, times } of doubles.shown) {
      lines.push(`    ${shown(imei)} ${row.at} UTC, ${times} times: ${rowText(row)}`);
    }
  }
  return lines;
}

function told(total: number, what: string, most: number): string {
  if (total <= most) return `${total} ${what}`;
  return `${total} ${what}, ${most === 0 ? "not shown" : `the first ${most}`}`;
}

/** A text of a database, which may hold what a terminal would obey, or go on for pages. */
const shown = (text: string) => text.replaceAll(/\p{C}/gu, "\uFFFD").replace(/^(.{100}).+$/su, "$1…");

function rowText(row: Row | null): string {
  if (row === null) return "missing";
  const texts = Object.entries(row.values).map(([name, value]) => `${name} ${shown(value ?? "–")}`);
  return texts.join(", ") || "there is one";
}

/** How many facts there are, and what they add up to. */
function held({ name, here, there }: Comparison): string {
  const amounts = Object.keys(here.sums).map(
    (amount) => `${amount} ${rounded(here.sums[amount])} here, ${rounded(there.sums[amount])} there`,
  );
  return [`${name}: ${here.rows} here, ${there.rows} there`, ...amounts].join("; ");
}

const rounded = (sum = 0) => Number(sum.toFixed(3));

function summaryOf({ name, days }: Comparison) {
  const { compared, equal, differing, onlyHere, onlyThere } = days;
  return [
    name,
    { "days of vehicles": compared, equal, differing, "only here": onlyHere, "only there": onlyThere },
  ] as const;
}
