// What wrangler 4.156 prints where it has no --json: test/scripts/wrangler-output.test.ts holds this against wrangler itself.

/** The rows of a table, by the words of its head; none where it prints no table. */
export function rowsOf(output: string): Record<string, string>[] {
  const lines = output
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [head = [], ...rows] = lines;
  return rows.map((cells) => Object.fromEntries(head.map((name, column) => [name, cells[column] ?? ""])));
}

/** What stands behind a label at the beginning of a line; null where nothing does. */
export const labelled = (output: string, label: string): string | null =>
  new RegExp(`^ *${label}: +(.*)$`, "m").exec(output)?.[1]?.trim() ?? null;

/** The same of every line with that label. */
export const allLabelled = (output: string, label: string): string[] =>
  [...output.matchAll(new RegExp(`^ *${label}: +(.*)$`, "gm"))].map(([, value = ""]) => value.trim());

/** The JSON that an output ends with. @throws where there is none */
export function jsonOf(output: string): unknown {
  const start = /^[[{]/m.exec(output);
  return JSON.parse(start ? output.slice(start.index) : output);
}
