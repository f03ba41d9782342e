/** A value of a table. */
export type Cell = string | number | boolean | null;

/** A row, ended as RFC 4180 has it. Unknown is empty. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** Rows as lines, their cells in the order of the columns. */
export const csvRows = <Column extends string>(
  columns: readonly Column[],
  rows: readonly Partial<Record<Column, Cell>>[],
): string => rows.map((row) => csvLine(columns.map((column) => row[column] ?? null))).join("");

/** The same under a line of the columns' names: a whole file. */
export const csvFile = <Column extends string>(
  columns: readonly Column[],
  rows: readonly Partial<Record<Column, Cell>>[],
): string => csvLine(columns) + csvRows(columns, rows);

function csvCell(cell: Cell): string {
  if (typeof cell !== "string") return cell === null ? "" : String(cell);
  // A spreadsheet would take it for a formula, whoever wrote it.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
