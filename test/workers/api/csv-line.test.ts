import { expect, it } from "vitest";
import { type Cell, csvLine } from "../../../workers/api/csv-line.ts";

it.each<[Cell[], string]>([
  [[], "\r\n"],
  [[null, "", 0, -1.5, true, false], ",,0,-1.5,true,false\r\n"],
  [["a,b", 'a"b', "a\nb", "a\rb", "a b"], '"a,b","a""b","a\nb","a\rb",a b\r\n'],
  [["=1+1", "+254", "-1", "@x", "\t=1", "\r=1"], "'=1+1,'+254,'-1,'@x,'\t=1,\"'\r=1\"\r\n"],
  [['=HYPERLINK("http://x","y")', "a=b", "'=1"], '"\'=HYPERLINK(""http://x"",""y"")",a=b,\'=1\r\n'],
])("writes %j", (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
