import { useMemo, useRef } from "preact/hooks";
import { query, setQuery } from "../../shell/url.ts";
import type { Row } from "./rows.ts";
import type { Slot } from "./view.ts";

/** Rows and columns that are selected, both ends counted; as the URL has them, `rows=imei..imei&cols=7..9`. */
export interface Selection {
  /** Where it began, and where it was drawn to. */
  row: number;
  toRow: number;
  col: number;
  toCol: number;
}

/** Of all vehicles, or of the whole span, where one of the two is left out; null for nothing. */
export function useSelection(rows: readonly Row[], slots: readonly Slot[]): Selection | null {
  const { rows: rowWords, cols: colWords } = query.value;
  if ((rowWords === undefined && colWords === undefined) || rows.length === 0) return null;
  const [first, last = first] = (rowWords ?? "").split("..");
  const at = (imei: string | undefined) => rows.findIndex((row) => row.imei === imei);
  const [row, toRow] = rowWords === undefined ? [0, rows.length - 1] : [at(first), at(last)];
  const [from, to = from] = (colWords ?? "").split("..");
  const [col, toCol] =
    colWords === undefined ? [0, slots.length - 1] : [placeOf(from, slots), placeOf(to, slots)];
  return row < 0 || toRow < 0 || col < 0 || toCol < 0 ? null : { row, toRow, col, toCol };
}

/** While something is selected rows keep their places: after an update a range of them still means the same vehicles. */
export function useHeldRows(rows: readonly Row[]): readonly Row[] {
  const { rows: rowWords, cols: colWords } = query.value;
  const isSelected = rowWords !== undefined || colWords !== undefined;
  const places = useRef(new Map<string, number>());
  return useMemo(() => {
    if (!isSelected) {
      places.current.clear();
      return rows;
    }
    const known = places.current;
    for (const { imei } of rows) if (!known.has(imei)) known.set(imei, known.size);
    return [...rows].sort((a, b) => (known.get(a.imei) ?? 0) - (known.get(b.imei) ?? 0));
  }, [rows, isSelected]);
}

function placeOf(word: string | undefined, slots: readonly Slot[]): number {
  const place = /^\d{1,3}$/.test(word ?? "") ? Number(word) : -1;
  return place < slots.length ? place : -1;
}

const ends = <T>(from: T, to: T): string => (from === to ? `${from}` : `${from}..${to}`);

/** Selects a rectangle. */
export function select(rows: readonly Row[], { row, toRow, col, toCol }: Selection): void {
  const [first, last] = [rows[row], rows[toRow]];
  if (first && last) setQuery({ rows: ends(first.imei, last.imei), cols: ends(col, toCol) });
}

/** Selects a vehicle, all of the span. */
export const selectRow = (imei: string): void => setQuery({ rows: imei, cols: null });
/** Selects a column of all vehicles that are shown. */
export const selectColumn = (col: number): void => setQuery({ rows: null, cols: String(col) });
export const selectNothing = (): void => setQuery({ rows: null, cols: null });

export const isIn = ({ row, toRow, col, toCol }: Selection, atRow: number, atCol: number): boolean =>
  Math.min(row, toRow) <= atRow &&
  atRow <= Math.max(row, toRow) &&
  Math.min(col, toCol) <= atCol &&
  atCol <= Math.max(col, toCol);

/** What is in it. */
export function partOf(rows: readonly Row[], slots: readonly Slot[], { row, toRow, col, toCol }: Selection) {
  const [firstCol, lastCol] = [Math.min(col, toCol), Math.max(col, toCol)];
  return {
    rows: rows.slice(Math.min(row, toRow), Math.max(row, toRow) + 1),
    slots: slots.slice(firstCol, lastCol + 1),
    firstCol,
    lastCol,
  };
}
