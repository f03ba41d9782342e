import { cellText, type FieldOptions, instant, isKeepable } from "./fields.ts";
import type { Target } from "./targets.ts";

/** A row as it was given. */
export interface GivenRow {
  /** Where a person finds it: `line 3` of a CSV file, `item 3` of a JSON file. */
  place: string;
  /** By the name of the column. */
  values: Map<string, unknown>;
  /** The row as it was given, to be kept. */
  raw: Record<string, unknown>;
}

/** Why a row cannot be taken. */
export interface Problem {
  place: string;
  reason: string;
}

/** A row that can be written. */
export interface CheckedRow {
  place: string;
  /** When it was so (UTC). */
  toldAt: string;
  /** Our columns that were given; null clears. */
  values: Record<string, string | number | null>;
  raw: Record<string, unknown>;
}

export interface Checked {
  rows: CheckedRow[];
  problems: Problem[];
  /** Columns that are only kept in `raw`. */
  unread: string[];
}

/** When the system that has the rows changed them last, where they say so. */
export const TOLD_COLUMN = "updated_at";

/** How rows are read. */
export interface CheckOptions extends FieldOptions {
  /** When the file was made, for rows that do not say when they changed. */
  exportedAt: string | undefined;
}

/** Reads the cells of rows, and leaves one row per key: the newest. */
export function checkRows(target: Target, given: GivenRow[], options: CheckOptions): Checked {
  const rows: CheckedRow[] = [];
  const problems: Problem[] = [];
  const unread = new Set<string>();
  const check = rowChecker(target, options);
  for (const row of given) {
    for (const name of row.values.keys()) if (isUnread(target, name)) unread.add(name);
    const checked = check(row);
    if (Array.isArray(checked)) problems.push(...checked.map((reason) => ({ place: row.place, reason })));
    else rows.push(checked);
  }
  const newest = newestOf(target, rows, options);
  return { rows: newest.rows, problems: [...problems, ...newest.problems], unread: [...unread] };
}

/** Whether a column is only kept in `raw`. */
export const isUnread = ({ columns }: Target, name: string): boolean =>
  !Object.hasOwn(columns, name) && name !== TOLD_COLUMN;

/** What is said of a row that contradicts another of the same key. */
export const contradiction = ({ key }: Target, nameOf: FieldOptions["nameOf"], other: string): string =>
  `says other than ${other} of the same ${key.map(nameOf).join(" and ")}, changed at the same time`;

/** @returns a function that reads the cells of a row, or says why they cannot be taken */
export function rowChecker(
  target: Target,
  options: CheckOptions,
): (given: GivenRow) => CheckedRow | string[] {
  const { nameOf, exportedAt } = options;
  const toldSchema = instant(options, "past");
  const columns = Object.entries(target.columns);
  return ({ place, values: cells, raw }) => {
    const reasons: string[] = [];
    const values: CheckedRow["values"] = {};
    if (!isKeepable(raw)) reasons.push("holds a NUL, or half a character");
    /** A cell as its schema reads it. */
    const read = (name: string, schema: Target["columns"][string]["schema"]) => {
      try {
        const text = cellText(cells.get(name));
        const parsed = text === null ? undefined : schema.safeParse(text);
        if (parsed?.success === false) throw new Error(parsed.error.issues[0]?.message);
        return parsed?.data ?? null;
      } catch (error) {
        reasons.push(`${nameOf(name)} ${(error as Error).message}`);
        return undefined;
      }
    };
    for (const [name, { schema }] of columns) {
      if (!cells.has(name)) {
        if (target.key.includes(name)) reasons.push(`has no ${nameOf(name)}`);
        continue;
      }
      const value = read(name, schema);
      if (value === null && target.required.includes(name)) reasons.push(`${nameOf(name)} is empty`);
      else if (value !== undefined) values[name] = value;
    }
    const told = read(TOLD_COLUMN, toldSchema);
    const toldAt = told === null ? exportedAt : told;
    if (told === null && toldAt === undefined) {
      reasons.push(
        `does not say when it changed: add a column ${TOLD_COLUMN}, or say --exported-at for the file`,
      );
    }
    if (reasons.length > 0 || toldAt === undefined) return reasons;
    return { place, toldAt: String(toldAt), values, raw };
  };
}

/** Of the rows of a key the newest, once; another that is as new may say nothing else. */
function newestOf(
  target: Target,
  rows: CheckedRow[],
  { nameOf }: FieldOptions,
): Pick<Checked, "rows" | "problems"> {
  const byKey = Map.groupBy(rows, ({ values }) => JSON.stringify(target.key.map((name) => values[name])));
  const problems: Problem[] = [];
  const newest = [...byKey.values()].map((same) => {
    const first = same.reduce((best, row) => (row.toldAt > best.toldAt ? row : best));
    const said = JSON.stringify(first.values);
    for (const { place, toldAt, values } of same) {
      if (toldAt !== first.toldAt || JSON.stringify(values) === said) continue;
      problems.push({ place, reason: contradiction(target, nameOf, first.place) });
    }
    return first;
  });
  return { rows: newest, problems };
}
