import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnsOf } from "../../../scripts/import/columns.ts";
import { type CsvRow, openCsv } from "../../../scripts/import/csv.ts";
import { type Encoding, openText } from "../../../scripts/import/encoding.ts";
import { size } from "../../setup/size.ts";

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "csv-")), "a.csv");
});
afterAll(() => rm(join(path, ".."), { recursive: true }));

const VOCABULARY = {
  columns: ["imei", "plate", "city", "note"],
  synonyms: { town: "city", registration: "plate", licence_plate: "plate" },
};

async function read(content: string | Uint8Array) {
  await writeFile(path, content);
  const file = await openText(path);
  const { header, rows } = await openCsv(file, VOCABULARY);
  const all: CsvRow[] = [];
  for await (const some of rows) all.push(...some);
  return { ...header, encoding: file.encoding, rows: all };
}

const WRITERS: Record<Encoding, (text: string) => Buffer> = {
  "UTF-8": (text) => Buffer.from(text),
  "UTF-16LE": (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "UTF-16BE": (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  "Windows-1252": (text) => Buffer.from(text, "latin1"),
};

const breaksIn = (text: string) => text.split(/\r\n|\n|\r/).length - 1;

it("reads back what any spreadsheet writes: delimiters, quotes, line ends, encodings, order of columns", async () => {
  const cell = fc.string({ unit: fc.constantFrom(..."aZ0 ,;\t|\"'\n\r=é"), maxLength: 8 });
  const wide = fc.string({ unit: "binary", maxLength: 8 });
  const table = fc.record({
    names: fc.shuffledSubarray(VOCABULARY.columns, { minLength: 2 }),
    rows: fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 6 }),
    wide: fc.array(wide, { minLength: 1, maxLength: 4 }),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    record_delimiter: fc.constantFrom("\n", "\r\n", "\r"),
    quoted: fc.boolean(),
    encoding: fc.constantFrom(...(Object.keys(WRITERS) as Encoding[])),
    told: fc.constantFrom("", "sep"),
    bom: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(table, async ({ names, rows, wide, encoding, told, bom, ...manner }) => {
      // No row is blank, or the header again; and no é of theirs makes Windows-1252 of what is all ASCII.
      const last = encoding === "Windows-1252" ? "Nyéri" : `x${wide.join("")}`;
      const cells = [...rows.map((row) => row.slice(0, names.length)), names.map(() => last)];
      for (const row of cells) row[0] = `x${row[0]}`;
      const written = [names, ...cells].map((row) => stringify([row], { ...manner, quoted_match: /[\r\n]/ }));
      const sep = told === "" ? "" : `sep=${manner.delimiter}${manner.record_delimiter}`;
      const mark = bom && encoding === "UTF-8" ? "\ufeff" : "";
      const found = await read(
        (WRITERS[encoding] as (text: string) => Buffer)(`${mark}${sep}${written.join("")}`),
      );
      let line = 1 + (sep === "" ? 0 : 1);
      const expected = written.map((text, index) => {
        const at = { line, cells: cells[index - 1] };
        line += breaksIn(text);
        return at;
      });
      expect(found).toMatchObject({ delimiter: manner.delimiter, columns: names, encoding });
      expect(found.rows).toEqual(expected.slice(1));
    }),
    { seed: 20260115, numRuns: size(100, 5_000) },
  );
});

it.each(["UTF-8", "UTF-16LE", "UTF-16BE"] as const)(
  "reads %s that is longer than what is read at once, wherever it is cut",
  async (encoding) => {
    const rows = Array.from({ length: 12_000 }, (_, index) => [
      `${index}`,
      `Dépôt "🚐"\r\n${"é".repeat(index % 7)}`,
    ]);
    const text = stringify([["imei", "note"], ...rows], { record_delimiter: "\r\n" });
    const found = await read((WRITERS[encoding] as (text: string) => Buffer)(text));
    expect(found.encoding).toBe(encoding);
    expect(found.rows.map((row) => "cells" in row && row.cells)).toEqual(rows);
    expect(found.rows.at(-1)?.line).toBe(2 * rows.length);
  },
);

describe("columns", () => {
  it.each([
    ["IMEI,Licence Plate,TOWN", ["imei", "plate", "city"]],
    ["imei,registration,licencePlate", ["imei", "registration", "licence_plate"]],
    ["imei,plate,registration", ["imei", "plate", "registration"]],
    [" imei , driver's name ,__proto__", ["imei", "driver_s_name", "proto"]],
  ])("takes %s for what they are, where that is clear", (names, columns) => {
    expect(columnsOf(names.split(","), VOCABULARY)).toEqual(columns);
  });

  it("finds the delimiter by the columns it gives, not by what there is most of", async () => {
    expect(await read('imei;"a,b,c,d";city\n1;2;3\n')).toMatchObject({
      ...{ delimiter: ";", columns: ["imei", "a_b_c_d", "city"] },
    });
    expect(await read("city\nThika\n")).toMatchObject({ columns: ["city"], rows: [{ cells: ["Thika"] }] });
  });

  it("leaves out columns at the end that a spreadsheet adds without a name", async () => {
    const { columns, rows } = await read("imei,city,,\n1,Thika,,\n2,Ruiru,,x\n");
    expect(columns).toEqual(["imei", "city"]);
    expect(rows).toEqual([
      { line: 2, cells: ["1", "Thika"] },
      { line: 3, reason: "has 4 cells, the header 2" },
    ]);
  });
});

it("tells rows that are none with the line they begin in, and reads on", async () => {
  const text =
    'imei,city\r\n1,"Thi\r\nka"\r\n2\r\n\r\n,\r\n3,5" tall\r\n4,Ruiru,x\r\nIMEI,City\r\nimei,city\r\n5,"a\r\nb"\r\n6,Juja';
  expect((await read(text)).rows).toEqual([
    { line: 2, cells: ["1", "Thi\r\nka"] },
    { line: 4, reason: "has 1 cells, the header 2" },
    { line: 7, reason: "has a quote inside a cell that is not in quotes" },
    { line: 8, reason: "has 3 cells, the header 2" },
    { line: 9, cells: ["IMEI", "City"] },
    { line: 10, reason: "repeats the header" },
    { line: 11, cells: ["5", "a\r\nb"] },
    { line: 13, cells: ["6", "Juja"] },
  ]);
});

it.each<[string, string | Uint8Array, RegExp]>([
  ["nothing", "", /is empty/],
  ["blank lines", "\n \n", /is empty: its first line has to name columns/],
  ["a header alone", "imei,city\n", /has no rows, only a header/],
  [
    "a title above the header",
    "Fleet of May\n\nimei,city\n1,Thika\n",
    /two headers: line 3 .* line 1 stands above/,
  ],
  [
    "groups above the header",
    "sep=;\n;Place;\nimei;city;note\n1;Thika;\n",
    /two headers: line 3 .* line 2 stands above/,
  ],
  ["a column twice", "imei,IMEI\n1,2\n", /two columns "imei"/],
  [
    "a quote that is never closed",
    'imei,city\n1,Thika\n2,"Ruiru\n3,Juja\n',
    /line 3: a quote is opened and never closed/,
  ],
  [
    "a quote that is closed in a cell",
    'imei,city\n1,"Thi"ka\n',
    /line 2: a quote is closed in the middle of a cell/,
  ],
  ["a broken header", 'imei,ci"ty\n1,Thika\n', /line 1: /],
  [
    "a row without an end",
    `imei,city\n1,"${"x".repeat(2 ** 20)}\n`,
    /line 2: a row of over 1048576 characters/,
  ],
  ["npm's own words", "\n> edge@0.1.0 db:fleet\n> node scripts/db-fleet.ts export\n\nimei\n", /npm run -s/],
  ["UTF-16 that does not say so", Buffer.from("imei,city\n1,Thika\n", "utf16le"), /is no text, or UTF-16/],
  [
    "half a character of UTF-16",
    Buffer.from("\ufeffimei,city\n1,T", "utf16le").subarray(0, -1),
    /is no UTF-16LE from/,
  ],
  [
    "UTF-8 that was cut",
    Buffer.from("imei,city\n1,Café é\n2,Nyé").subarray(0, -1),
    /UTF-8 but for 1 characters, the first in line 3/,
  ],
  ["an archive", Buffer.from("PK\x03\x04…"), /is a spreadsheet or an archive/],
  ["what is packed", Buffer.from([0x1f, 0x8b, 8, 0]), /is compressed/],
])("refuses %s", async (_, content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});

it("takes Windows-1252 with all it has beyond Latin-1", async () => {
  const bytes = Buffer.from("imei,city\n1,\x80 \x93Caf\xe9\x94\n", "latin1");
  expect(await read(bytes)).toMatchObject({ encoding: "Windows-1252", rows: [{ cells: ["1", "€ “Café”"] }] });
});
