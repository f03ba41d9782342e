import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

/** Titles of several cases go on with what is different of each. */
const escaped = (title: string) => title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Rows of the table, each with the tests that it names. */
const rows = (await readFile("docs/lessons.md", "utf8"))
  .split("\n")
  .filter((line) => /^\| [A-Z\w]/.test(line) && !line.startsWith("| bug"))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

const named = rows.flatMap(([bug = "", , tests = ""]) => {
  let file = "";
  return tests.split(" · ").flatMap((one) => {
    const match = /^`([^`]+)`: (.*)$/.exec(one);
    if (match?.[1]) file = match[1];
    const title = match?.[2] ?? one;
    return file === "" ? [] : [{ bug, file, title }];
  });
});

it("names a test for every bug but the one that no code can keep out", () => {
  expect(rows.length).toBeGreaterThan(25);
  const without = rows.map(([bug]) => bug).filter((bug) => !named.some((test) => test.bug === bug));
  expect(without).toEqual(["SEC-07, phase B"]);
});

it.each(named)("$bug: $file has it: $title", async ({ file, title }) => {
  const text = await readFile(file, "utf8");
  expect(text).toMatch(new RegExp(`(it|test)[\\s\\S]{0,600}"${escaped(title)}[":]`));
});
