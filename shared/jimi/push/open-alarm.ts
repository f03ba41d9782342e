import { FIX_SOURCES } from "../../records.ts";
import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { readText, readWithin } from "../values.ts";
import { alarmCode } from "./alarm-code.ts";
import { parserOf, readPlace, rowAt } from "./item.ts";

/** `jimi.push.device.alarm` of the Open API (reference §3.2): a JIMI number as text, or a word of the platform. */
export const parseOpenAlarm = parserOf("open_alarm", (item) => {
  const { fields, arrival } = item;
  const code = alarmCode(fields.alarmType, null, null);
  if (code === null) return { rejection: { reason: "record_malformed", detail: "alarmType is missing" } };
  const time = readEventTime("alarmTime", fields.alarmTime, arrival);
  if ("reason" in time) return { rejection: time };
  return {
    facts: {
      alarms: [
        {
          ...rowAt(item, toIso(time.ms)),
          code,
          // Platform fences come as in and out: the fence is in geoid, its name in the alarm's (quirk 11).
          fenceId: readText(fields.geoid) ?? "",
          source: "push",
          alarmType: readText(fields.alarmType) ?? code,
          alarmName: readText(fields.alarmName),
          ...readPlace(fields.lat, fields.lng),
          speedKmh: readWithin(fields.speed, 0, 1_000),
          msgClass: null,
          level: null,
          alertValue: null,
          fileNames: null,
          sources: FIX_SOURCES.push,
        },
      ],
    },
  };
});
