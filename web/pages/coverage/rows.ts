import { labelOf } from "../../parts/vehicle-names.ts";
import type { Answers } from "../../shell/api.ts";
import type { View } from "./view.ts";

/** How much of the time under way is known, s. */
export interface Amount {
  haveS: number;
  recoveredS: number;
  missingS: number;
}

/** A vehicle with its columns; null where nothing was expected of it. Every text is untrusted. */
export interface Row {
  imei: string;
  label: string;
  /** What tells it from others with a like label. */
  who: string;
  account: string | null;
  city: string | null;
  cells: (Amount | null)[];
  total: Amount;
  gaps: { open: number; filled: number; none: number };
}

export const NOTHING: Amount = { haveS: 0, recoveredS: 0, missingS: 0 };

export const expectedS = ({ haveS, recoveredS, missingS }: Amount): number => haveS + recoveredS + missingS;

/** 0..1; null where nothing was expected. */
export function knownShare(amount: Amount): number | null {
  const all = expectedS(amount);
  return all === 0 ? null : (all - amount.missingS) / all;
}

export const sumOf = (amounts: Iterable<Amount | null>): Amount => {
  const sum = { ...NOTHING };
  for (const amount of amounts) if (amount) add(sum, amount);
  return sum;
};

/** The answer's columns as rows, in its order: those that miss most first. */
export function rowsOf({ vehicles, cells }: Answers["CoverageGrid"], columns: number): Row[] {
  const rows = vehicles.imei.map((imei, at): Row => {
    const [name = null, plate = null] = [vehicles.name[at], vehicles.plate[at]];
    const label = labelOf({ imei, name, plate });
    return {
      ...{ imei, label, account: vehicles.account[at] ?? null, city: vehicles.city[at] ?? null },
      who: [name === label ? null : name, vehicles.city[at]].filter(Boolean).join(" · "),
      cells: Array.from({ length: columns }, () => null),
      total: { ...NOTHING },
      gaps: {
        open: vehicles.gapsOpen[at] ?? 0,
        filled: vehicles.gapsFilled[at] ?? 0,
        none: vehicles.gapsNone[at] ?? 0,
      },
    };
  });
  cells.vehicle.forEach((vehicle, at) => {
    const row = rows[vehicle];
    const place = cells.place[at] ?? -1;
    if (row === undefined || place < 0 || place >= columns) return;
    const amount = {
      haveS: cells.haveS[at] ?? 0,
      recoveredS: cells.recoveredS[at] ?? 0,
      missingS: cells.missingS[at] ?? 0,
    };
    // A row without a second is of an hour in which nothing was expected after all.
    if (expectedS(amount) === 0) return;
    row.cells[place] = amount;
    add(row.total, amount);
  });
  return rows;
}

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const ORDERS: Record<View["sort"], ((a: Row, b: Row) => number) | null> = {
  // As the API has them.
  worst: null,
  recovered: (a, b) => b.total.recoveredS - a.total.recoveredS,
  expected: (a, b) => expectedS(b.total) - expectedS(a.total),
  name: (a, b) => names.compare(a.label, b.label),
};

const SHOWN: Record<View["show"], (row: Row) => boolean> = {
  all: () => true,
  missing: ({ total }) => total.missingS > 0,
  recovered: ({ total }) => total.recoveredS > 0,
  underway: ({ total }) => expectedS(total) > 0,
};

/** Those that are looked for, in the order chosen. */
export function shownRows(
  rows: readonly Row[],
  { show, sort, text }: Pick<View, "show" | "sort" | "text">,
): Row[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    if (!SHOWN[show](row)) return false;
    const haystack = `${row.label} ${row.who} ${row.imei}`.toLowerCase();
    return wanted.every((word) => haystack.includes(word));
  });
  const order = ORDERS[sort];
  return order ? found.sort(order) : found;
}

function add(sum: Amount, { haveS, recoveredS, missingS }: Amount): void {
  sum.haveS += haveS;
  sum.recoveredS += recoveredS;
  sum.missingS += missingS;
}
