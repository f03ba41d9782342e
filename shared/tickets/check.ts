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

/**
 * Reads the cells of rows, and leaves one row per key: the newest.
 * @param exportedAt When the file was made, for rows that do not say when they changed
 */
export function checkRows(
  target: Target,
  given: GivenRow[],
  options: FieldOptions & { exportedAt: string | undefined },
): Checked {
  const { nameOf } = options;
  const toldSchema = instant(options, "past");
  const newest = new Map<string, CheckedRow>();
  const problems: Problem[] = [];
  const unread = new Set<string>();
  for (const { place, values: cells, raw } of given) {
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
    for (const [name, { schema }] of Object.entries(target.columns)) {
      if (!cells.has(name)) {
        if (target.key.includes(name)) reasons.push(`has no ${nameOf(name)}`);
        continue;
      }
      const value = read(name, schema);
      if (value === null && target.required.includes(name)) reasons.push(`${nameOf(name)} is empty`);
      else if (value !== undefined) values[name] = value;
    }
    const told = read(TOLD_COLUMN, toldSchema);
    const toldAt = told === null ? options.exportedAt : told;
    if (told === null && toldAt === undefined) {
      reasons.push(
        `does not say when it changed: add a column ${TOLD_COLUMN}, or say --exported-at for the file`,
      );
    }
    for (const name of cells.keys()) {
      if (!Object.hasOwn(target.columns, name) && name !== TOLD_COLUMN) unread.add(name);
    }
    if (reasons.length > 0 || toldAt === undefined) {
      problems.push(...reasons.map((reason) => ({ place, reason })));
      continue;
    }
    const row = { place, toldAt: String(toldAt), values, raw };
    const key = JSON.stringify(target.key.map((name) => values[name]));
    const other = newest.get(key);
    if (other?.toldAt === row.toldAt && JSON.stringify(other.values) !== JSON.stringify(values)) {
      const reason = `says other than ${other.place} of the same ${target.key.map(nameOf).join(" and ")}, changed at the same time`;
      problems.push({ place, reason });
    } else if (other === undefined || other.toldAt < row.toldAt) newest.set(key, row);
  }
  return { rows: [...newest.values()], problems, unread: [...unread] };
}
