import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

/** Documents with a table whose last column names tests, and the rows of it that no code can answer for. */
const TABLES: [file: string, without: string[]][] = [
  ["docs/lessons.md", ["SEC-07, phase B"]],
  ["docs/security.md", []],
];

/** Titles of several cases go on with what is different of each. */
const escaped = (title: string) => title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A test that a row names. */
interface Named {
  row: string;
  file: string;
  title: string;
}

async function readTable(document: string): Promise<{ rows: string[]; named: Named[] }> {
  const [, , ...rows] = (await readFile(document, "utf8"))
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
  const named = rows.flatMap(([row = "", , tests = ""]) => {
    let file = "";
    return tests.split(" · ").flatMap((one) => {
      const match = /^`([^`]+)`: (.*)$/.exec(one);
      if (match?.[1]) file = match[1];
      return file === "" ? [] : [{ row, file, title: match?.[2] ?? one }];
    });
  });
  return { rows: rows.map(([row = ""]) => row), named };
}

describe.each(
  await Promise.all(TABLES.map(async ([file, without]) => ({ file, without, ...(await readTable(file)) }))),
)("$file", ({ rows, named, without }) => {
  it("names a test for every row, but for those that no code can answer for", () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => !named.some((test) => test.row === row))).toEqual(without);
  });

  it.each(named)("$row: $file has it: $title", async ({ file, title }) => {
    const text = await readFile(file, "utf8");
    expect(text).toMatch(
      new RegExp(`\\b(it|test)(\\(|\\.(each|for|skipIf)\\b)[\\s\\S]{0,1000}"${escaped(title)}[":]`),
    );
  });
});
