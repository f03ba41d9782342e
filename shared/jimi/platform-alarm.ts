import { FIX_SOURCES } from "../records.ts";
import { toIso } from "../time.ts";
import { readEventTime } from "./event-time.ts";
import { alarmCode } from "./push/alarm-code.ts";
import { type PushItem, readAlias, readPlace, rowAt, type Told } from "./push/item.ts";
import { readText, readWithin } from "./values.ts";

/**
 * An alarm as the platform tells it, polled or pushed (reference §2.8, §3.2): a JIMI number as text, or a word of its own.
 * Both say the same under other names.
 */
export function readPlatformAlarm(
  item: PushItem,
  names: { type: string; time: string; name: readonly string[] },
  source: "poll" | "push",
): Told {
  const { fields, arrival } = item;
  const type = fields[names.type];
  const code = alarmCode(type, null, null);
  if (code === null) return { rejection: { reason: "record_malformed", detail: `${names.type} is missing` } };
  const time = readEventTime(names.time, fields[names.time], arrival);
  if ("reason" in time) return { rejection: time };
  return {
    facts: {
      alarms: [
        {
          ...rowAt(item, toIso(time.ms)),
          code,
          // Platform fences come as in and out: the fence is in geoid, its name in the alarm's (quirk 11).
          fenceId: readText(fields.geoid) ?? "",
          source,
          alarmType: readText(type) ?? code,
          alarmName: readAlias(fields, names.name, readText),
          ...readPlace(fields.lat, fields.lng),
          speedKmh: readWithin(fields.speed, 0, 1_000),
          msgClass: null,
          level: null,
          alertValue: null,
          fileNames: null,
          sources: FIX_SOURCES[source],
        },
      ],
    },
  };
}
