/** One line of the report. */
export interface Line {
  section: string;
  what: string;
  /** The figure, for programs; its unit is in `measured`. */
  value: number;
  /** The figure, for people. */
  measured: string;
  /** As in design §7, where it has one. */
  bound?: string;
  holds?: boolean;
  /** Absolute figures behind it. */
  figures: string;
}

const HEAD = ["", "measured", "bound", "", "absolute"];

/** The lines as one table. */
export function table(lines: Line[]): string {
  const rows = lines.map(({ what, measured, bound, holds, figures }) => [
    what,
    measured,
    bound ?? "",
    holds === undefined ? "" : holds ? "ok" : "MISSED",
    figures,
  ]);
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const show = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const text = [show(HEAD)];
  lines.forEach(({ section }, index) => {
    if (section !== lines[index - 1]?.section) text.push("", section);
    text.push(show(rows[index] ?? []));
  });
  return text.join("\n");
}
