import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PUSH_KINDS } from "../../../../shared/jimi/push/kinds.ts";
import { parse } from "./parse.ts";

/** Names that some parser looks for. */
const NAMES = [
  ..."deviceImei imei devImei gateTime gpsTime alarmTime obdTime postTime startTime endTime type msgClass".split(
    " ",
  ),
  ..."msg data alertType removeAlarmType alarmType fenceId geoid iccid VIN lat lng gpsMode distance".split(
    " ",
  ),
  ..."obdJson faultCode dtc lbsJson duration oil temperature content rfid gpsSpeed __proto__ constructor".split(
    " ",
  ),
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string());
const likely = fc.constantFrom(
  "860000000000001",
  "2026-01-15 08:29:47",
  "2019-01-01 00:00:00",
  1768465740000,
  "ICCID",
  "LOGIN",
  "removeAlarmType",
  '{"alertType":48,"alarmTime":"2026-01-15 08:29:47"}',
  "[",
  "\0",
  "\ud800",
  -1,
  1e300,
  48,
);
const value = fc.oneof(likely, fc.jsonValue(), fc.dictionary(name, fc.oneof(likely, fc.jsonValue())));
const item = fc.dictionary(name, value, { maxKeys: 12 });

describe.each(PUSH_KINDS)("%s", (kind) => {
  it("turns any JSON into records or one rejection, never into an error", () => {
    fc.assert(
      fc.property(item, fc.boolean(), (fields, named) => {
        const parsed = parse(kind, named ? { ...fields, imei: "860000000000001" } : fields);
        const rows = Object.values(parsed.facts ?? {}).flat();
        expect(
          [parsed.fix, parsed.contact, parsed.device, parsed.rejection].some(Boolean) || rows.length > 0,
        ).toBe(true);
        for (const row of rows) {
          expect(new Date(row.at).toISOString()).toBe(row.at);
          if (!("raw" in row)) throw new Error("a push told what it cannot know");
          expect(JSON.parse(row.raw)).toBeTypeOf("object");
          expect(row.raw.isWellFormed() && !/\\u0000|\\ud[89a-f]/.test(row.raw.replaceAll("\\\\", ""))).toBe(
            true,
          );
        }
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
      }),
      { numRuns: 200 },
    );
  });

  it.each([70, 30_000])("rejects an item of %d levels", (levels) => {
    const content = JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
    const parsed = parse(kind, { imei: "860000000000001", gateTime: "2026-01-15 08:00:00", content });
    expect(parsed).toEqual({
      imei: "860000000000001",
      rejection: { reason: "record_malformed", detail: "The item has more than 64 levels" },
    });
  });
});
