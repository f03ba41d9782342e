import { expect, it } from "vitest";
import { readCursor } from "../../../workers/api/cursor.ts";
import { placeWord } from "../../../workers/api/place-word.ts";
import { database } from "../writer/deliver.ts";

const NAMES = ["at", "imei"];
const AT = "2026-01-15T08:30:00.123456Z";

it("reads back what it names", () => {
  expect(JSON.parse(readCursor("after", placeWord([AT, "86"]), NAMES))).toEqual({ at: AT, imei: "86" });
  expect(readCursor("after", undefined, NAMES)).toBe("{}");
});

it("reads the words that the database writes, whatever is in them", async () => {
  for (const text of [
    "860000000000001",
    "",
    'a "b" \\ c/d',
    "Ñandú 🚚",
    "\t\n\u0001\u007f\u2028",
    "x".repeat(200),
  ]) {
    const [row] = await database()`select reporting.fn_place_word(${AT}, ${text}) as word`;
    expect(row?.word).toBe(placeWord([AT, text]));
    expect(JSON.parse(readCursor("after", row?.word, NAMES))).toEqual({ at: AT, imei: text });
  }
});

it.each([
  "",
  "x",
  "%",
  "W10",
  `${placeWord([AT, "86"])}=`,
  placeWord([AT]),
  placeWord([AT, "86", "1"]),
  placeWord([AT, 86]),
  placeWord([AT, null]),
  placeWord([AT, "a\0b"]),
  placeWord(["yesterday", "86"]),
  placeWord(["1999-01-15T08:30:00Z", "86"]),
  placeWord(["2026-02-30T08:30:00Z", "86"]),
  placeWord(["'; drop table x; --", "86"]),
  btoa(JSON.stringify({ at: AT, imei: "86" })),
])("refuses %j", (word) => {
  expect(() => readCursor("after", word, NAMES)).toThrow("after: must come from an answer of this list");
});
