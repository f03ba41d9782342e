import fc from "fast-check";
import { expect, it } from "vitest";
import { itemsOf } from "../../../scripts/import/json-items.ts";
import { size } from "../../setup/size.ts";

/** A text in pieces of some characters. */
async function* inPieces(text: string, length: number): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += length) yield text.slice(from, from + length);
}

async function read(text: string, length = 1_000): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const some of itemsOf("a.json", inPieces(text, length))) items.push(...some);
  return items;
}

it("finds the items of any list, wherever it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.json(), { maxLength: 5 }),
      fc.constantFrom("", " ", "\r\n\t"),
      fc.integer({ min: 1, max: 9 }),
      async (items, blank, length) => {
        const text = `${blank}[${blank}${items.join(`${blank},${blank}`)}${blank}]${blank}`;
        expect(await read(text, length)).toEqual(JSON.parse(text));
      },
    ),
    { seed: 20260115, numRuns: size(200, 5_000) },
  );
});

it.each([
  ["", /is empty/],
  [" \n", /is empty/],
  ['{"number": 1}', /is not a list/],
  ['"[]"', /is not a list/],
  ["[1", /item 1: it breaks off/],
  ['[1,{"a":"]', /item 2: it breaks off/],
  ["[1,]", /item 2: /],
  ["[,1]", /item 1: /],
  ["[1 2]", /item 1: /],
  ["[1}", /item 1: "}" without "{"/],
  ["[NaN]", /item 1: /],
  ["[1] [2]", /something follows its list/],
])("refuses %j", async (text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

it("refuses an item without an end, before it fills the memory", async () => {
  await expect(read(`["${"x".repeat(2 ** 21)}"]`, 65_536)).rejects.toThrow(/item 1: is longer than/);
});
