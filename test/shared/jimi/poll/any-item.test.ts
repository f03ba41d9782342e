import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PollKind } from "../../../../shared/jimi/poll/kinds.ts";
import { imei, parse } from "./parse.ts";

const KINDS: PollKind[] = ["trip", "parking", "idling", "alarm", "track_point", "obd", "obd_fault"];

/** Names that some parser looks for. */
const NAMES = [
  ..."imei startTime endTime distance elapsed runTimeSecond durSecond acc addr lat lng geoid speed".split(
    " ",
  ),
  ..."alertTypeId alarmTypeName alertTime gpsTime gpsSpeed direction posType gpsMode faultCode".split(" "),
  ..."eventTime dataReportTime currentRPM vehicleBatterVoltage vin __proto__ constructor".split(" "),
];
const likely = fc.constantFrom<unknown>(
  ...["2026-01-15 08:29:47", "2026-01-15T08:29:47.000Z", "2019-01-01 00:00:00", 1768465740000],
  ...["\0", "\ud800", "", "-1", -1, 1e300, 48, "in", null, [], {}],
);
const item = fc.dictionary(
  fc.oneof(fc.constantFrom(...NAMES), fc.string()),
  fc.oneof(likely, fc.jsonValue()),
  { maxKeys: 14 },
);

describe.each(KINDS)("%s", (kind) => {
  it("turns any JSON into records or one rejection, never into an error", () => {
    fc.assert(
      fc.property(item, fc.boolean(), (fields, named) => {
        const parsed = named ? parse(kind, { ...fields, imei }, imei) : parse(kind, fields);
        const rows = Object.values(parsed.facts ?? {}).flat();
        // A point without a place says nothing.
        const isTold = Boolean(parsed.fix ?? parsed.rejection ?? parsed.device) || rows.length > 0;
        expect(isTold || kind === "track_point").toBe(true);
        for (const row of rows) {
          expect(new Date(row.at).toISOString()).toBe(row.at);
          if (!("raw" in row)) throw new Error("it told what it cannot know");
          expect(JSON.parse(row.raw)).toBeTypeOf("object");
        }
      }),
      { numRuns: 200 },
    );
  });
});
