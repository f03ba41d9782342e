import { expect, it } from "vitest";
import { cutRows, type Rows } from "../../../scripts/backup/cut.ts";

const SIZES = { least: 1_000, beyond: 1_000, most: 4_000 };

/** Rows that look like none other. */
const rowsOf = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, index) => `${(from + index) * 7_919}\tsome words of row ${from + index}\n`,
  );

async function* inChunks(text: string, bytes: number): AsyncGenerator<Buffer> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes);
}

async function cut(text: string, bytes = 333): Promise<Rows[]> {
  const pieces: Rows[] = [];
  for await (const piece of cutRows(inChunks(text, bytes), SIZES)) pieces.push(piece);
  return pieces;
}

const textsOf = (pieces: Rows[]) => pieces.map(({ text }) => text.toString());

it("cuts at the ends of rows, within its sizes, and leaves nothing out", async () => {
  const rows = rowsOf(0, 2_000);
  const pieces = await cut(rows.join(""));
  expect(textsOf(pieces).join("")).toBe(rows.join(""));
  expect(pieces.length).toBeGreaterThan(10);
  for (const { text, count } of pieces) {
    expect(text.at(-1)).toBe(0x0a);
    expect(text.toString().split("\n")).toHaveLength(count + 1);
    expect(text.length).toBeLessThan(SIZES.most + 50);
  }
  for (const { text } of pieces.slice(0, -1)) expect(text.length).toBeGreaterThanOrEqual(SIZES.least);
});

it("cuts alike however the text comes", async () => {
  const text = rowsOf(0, 500).join("");
  const whole = textsOf(await cut(text, text.length));
  for (const bytes of [1, 7, 4_096]) expect(textsOf(await cut(text, bytes))).toEqual(whole);
});

it("leaves pieces as they were where rows come, go and change elsewhere", async () => {
  const before = textsOf(await cut(rowsOf(0, 2_000).join("")));
  const changed = [...rowsOf(0, 700), "a new row\n", ...rowsOf(700, 1_500), ...rowsOf(1_501, 2_100)];
  const after = textsOf(await cut(changed.join("")));
  const kept = before.filter((text) => after.includes(text));
  // The one with the new row, the one that a row is gone of, the last one; a border may be lost with each.
  expect(before.length - kept.length).toBeLessThanOrEqual(6);
  expect(kept.length).toBeGreaterThan(before.length / 2);
});

it("makes a piece of a row that is longer than any may be, and of those around it", async () => {
  const long = `${"x".repeat(3 * SIZES.most)}\n`;
  const pieces = textsOf(await cut(["a\n", "b\n", long, "c\n"].join("")));
  expect(pieces).toEqual(["a\nb\n", long, "c\n"]);
  expect(textsOf(await cut(long))).toEqual([long]);
});

it("cuts at the most where rows are all alike", async () => {
  const row = "the same again\n";
  const pieces = await cut(row.repeat(2_000));
  expect(textsOf(pieces).join("")).toBe(row.repeat(2_000));
  for (const { text } of pieces) expect(text.length).toBeLessThanOrEqual(SIZES.most + row.length);
});

it("makes nothing of nothing, and takes no half row for one", async () => {
  expect(await cut("")).toEqual([]);
  await expect(cut("whole\nhal")).rejects.toThrow("in the middle of one");
});
