import { FIX_SOURCES } from "../../records.ts";
import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { alarmCode } from "../push/alarm-code.ts";
import { parserOf, readAlias, readPlace, rowAt } from "../push/item.ts";
import { readText, readWithin } from "../values.ts";

/** The vendor's table and its example differ; the second is what comes (reference §2.8). */
const NAME = ["alarmTypeName", "alertTypeName"] as const;

/** One item of `alarm.list` (reference §2.8): a JIMI number as text, or a word of the platform. */
export const parseAlarm = parserOf("alarm", (item) => {
  const { fields, arrival } = item;
  const code = alarmCode(fields.alertTypeId, null, null);
  if (code === null) return { rejection: { reason: "record_malformed", detail: "alertTypeId is missing" } };
  const time = readEventTime("alertTime", fields.alertTime, arrival);
  if ("reason" in time) return { rejection: time };
  return {
    facts: {
      alarms: [
        {
          ...rowAt(item, toIso(time.ms)),
          code,
          fenceId: readText(fields.geoid) ?? "",
          source: "poll",
          alarmType: readText(fields.alertTypeId) ?? code,
          alarmName: readAlias(fields, NAME, readText),
          ...readPlace(fields.lat, fields.lng),
          speedKmh: readWithin(fields.speed, 0, 1_000),
          msgClass: null,
          level: null,
          alertValue: null,
          fileNames: null,
          sources: FIX_SOURCES.poll,
        },
      ],
    },
  };
});
