import { save } from "../../shell/api.ts";
import { expectedS, type Row } from "./rows.ts";
import type { Slot, View } from "./view.ts";

const HEAD = [
  "imei",
  "vehicle",
  "account",
  "city",
  "from",
  "to",
  "expected_s",
  "have_s",
  "recovered_s",
  "missing_s",
];

/** Saves what is shown: a line for every cell in which a vehicle was under way. @returns the file's name */
export function saveCells(rows: readonly Row[], slots: readonly Slot[], { by, day, period }: View): string {
  const iso = (ms: number) => new Date(ms).toISOString();
  const lines = rows.flatMap(({ imei, label, account, city, cells }) =>
    slots.flatMap(({ fromMs, toMs }, at) => {
      const cell = cells[at];
      if (!cell) return [];
      const figures = [expectedS(cell), cell.haveS, cell.recoveredS, cell.missingS];
      return [[imei, label, account ?? "", city ?? "", iso(fromMs), iso(toMs), ...figures]];
    }),
  );
  const name = `coverage-${by === "hour" ? day : `${period.from}-${period.to}`}.csv`;
  const text = [HEAD, ...lines].map((line) => `${line.map(field).join(",")}\r\n`).join("");
  save(new Blob([text], { type: "text/csv" }), name);
  return name;
}

/** As the API writes its own files: a spreadsheet takes no text for a formula, whoever wrote it. */
function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
