/** Rows as CSV, which an import reads back. */
export function writeCsv(columns: string[], rows: Record<string, string | null>[]): string {
  const cell = (value: string | null | undefined) =>
    /[",;\r\n]|^\s|\s$/.test(value ?? "") ? `"${value?.replaceAll('"', '""')}"` : (value ?? "");
  return [columns.join(","), ...rows.map((row) => columns.map((name) => cell(row[name])).join(","))]
    .map((line) => `${line}\n`)
    .join("");
}
