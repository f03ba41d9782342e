import { shared } from "../texts/shared.ts";
import type { Line } from "./lines.tsx";

/** More rows nobody reads: so many stretches of time, each with the least, the mean and the most. */
const MOST_ROWS = 96;

/** A row of a chart's table. */
export interface SummaryRow {
  fromMs: number;
  /** One for each line, as text; null: unknown. */
  cells: (string | null)[];
}

/** A chart's points as a table that can be read: each by itself, or added up where they are too many. */
export function summarise(atMs: readonly number[], lines: readonly Line[]): SummaryRow[] {
  const size = Math.max(1, Math.ceil(atMs.length / MOST_ROWS));
  const rows: SummaryRow[] = [];
  for (let from = 0; from < atMs.length; from += size) {
    const cells = lines.map(({ values }) => {
      const known = values.slice(from, from + size).filter((value) => value !== null);
      const first = known[0];
      if (first === undefined) return null;
      if (size === 1) return round(first);
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
      const [least, most] = [Math.min(...known), Math.max(...known)];
      return `${shared.charts.least} ${round(least)}, ${shared.charts.mean} ${round(mean)}, ${shared.charts.most} ${round(most)}`;
    });
    rows.push({ fromMs: atMs[from] ?? 0, cells });
  }
  return rows;
}

const round = (value: number) => String(Math.round(value * 10) / 10);
