import { expect, it } from "vitest";
import { xmlText } from "../../../../workers/api/track/xml.ts";

it.each([
  ["KDA 123A", "KDA 123A"],
  [`<a href="x">&'</a>`, "&lt;a href=&quot;x&quot;&gt;&amp;&apos;&lt;/a&gt;"],
  ["&amp;", "&amp;amp;"],
  ["]]>", "]]&gt;"],
  ["a\0b\u0008c\u001fd\ufffee", "abcde"],
  ["half \ud83d of a pair \ude9a", "half  of a pair "],
  ["Ñandú 🚚\ttab\nline", "Ñandú 🚚\ttab\nline"],
])("writes %j as %j", (text, written) => {
  expect(xmlText(text)).toBe(written);
});
