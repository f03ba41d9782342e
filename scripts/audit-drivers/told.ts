import type { Terminal } from "../command.ts";
import type { Audit, Fault, Finding, Remark, Remedy } from "./finding.ts";

/** More are no list that anybody reads; `--json` has all. */
const MOST_TOLD = 200;
const MOST_IMEIS = 5;

/** Says to a person what came of an audit. */
export function tell(
  { accounts, listed, enabled, faults, remarks }: Audit,
  isApplied: boolean,
  { log, table }: Pick<Terminal, "log" | "table">,
): void {
  log(
    `${accounts.map(({ account, devices }) => `${account} ${devices}`).join(", ")}: ${listed} devices listed, ${enabled} vehicles enabled in the database.`,
  );
  for (const line of remarkLines(remarks)) log(line);
  if (faults.length > 0) table(faults.slice(0, MOST_TOLD).map((fault) => shown(fault, isApplied)));
  if (faults.length > MOST_TOLD) log(`${faults.length - MOST_TOLD} more are not shown: --json has all.`);
  log(faults.length === 0 ? "Nothing differs." : `${faults.length} differ.`);
  if (!isApplied && faults.some(({ remedy }) => remedy === "sync")) {
    log("Nothing was changed. --apply has the job devices run now.");
  }
}

/** Kinds of remarks, a line each. */
function remarkLines(remarks: Finding<Remark>[]): string[] {
  return [...Map.groupBy(remarks, ({ what }) => what)].map(([what, all]) => {
    const named = all.flatMap(({ imeis }) => (what === "driver twice" ? imeis.join(" and ") : imeis));
    return `${what}: ${some([...new Set(named)])}`;
  });
}

const shown = ({ what, imeis, vendor, database, remedy }: Finding<Fault>, isApplied: boolean) => ({
  ...{ what, imei: some(imeis), vendor: vendor ?? "", database: database ?? "" },
  "to do": (isApplied ? LEFT : REMEDIES)[remedy],
});

const REMEDIES: Record<Remedy, string> = {
  sync: "--apply",
  vendor: "correct it in Tracksolid Pro",
  targets: "correct TRACKSOLID_TARGETS",
  none: "",
};

/** What the job has not brought. */
const LEFT: Record<Remedy, string> = { ...REMEDIES, sync: "the job did not bring it: docs/runbook.md" };

const some = (imeis: string[]) =>
  imeis.length <= MOST_IMEIS
    ? imeis.join(", ")
    : `${imeis.slice(0, MOST_IMEIS).join(", ")} and ${imeis.length - MOST_IMEIS} more`;
