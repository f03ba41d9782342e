import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { type Cell, csvFile, csvLine, csvRows } from "../../../workers/api/csv.ts";

it.each<[Cell[], string]>([
  [[], ""],
  [["a", 1, true, null, "b"], "a,1,true,,b"],
  [[null, "", 0, -1.5, true, false], ",,0,-1.5,true,false"],
  [["", " ", "a b"], ", ,a b"],
  [["a,b", 'say "x"', "two\nlines", "a\rb", "\r"], `"a,b","say ""x""","two\nlines","a\rb","'\r"`],
  [[-1.2864, -1, 0, 1e21], "-1.2864,-1,0,1e+21"],
  [["=1+1", "+254700000001", "-1", "@x", "\tx"], "'=1+1,'+254700000001,'-1,'@x,'\tx"],
  [["\r=1"], '"\'\r=1"'],
  [['=HYPERLINK("http://x","y")', "'=1"], `"'=HYPERLINK(""http://x"",""y"")",'=1`],
  [["a=b", "1-2", "x@y"], "a=b,1-2,x@y"],
])("writes %j", (cells, line) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`);
});

it("is read back by a reader of CSV", () => {
  const texts = ['"', '""', ",", "a\r\nb", "a\n", "Ñ 🚚", " x ", ";"];
  expect(parse(csvLine(texts))).toEqual([texts]);
});

it.each([
  [[], ""],
  [[{ a: 1, b: "x" }], "x,1\r\n"],
  [[{ a: 1, c: 2 }, { b: null }], ",1\r\n,\r\n"],
])(
  "writes the cells of rows %j in the order of the columns, under their names where it is a file",
  (rows, lines) => {
    const columns = ["b", "a"] as const;
    expect(csvRows(columns, rows)).toBe(lines);
    expect(csvFile(columns, rows)).toBe(`b,a\r\n${lines}`);
  },
);
