import { readPlatformAlarm } from "../platform-alarm.ts";
import { parserOf } from "../push/item.ts";

/** Of its name the vendor's table and its example differ; the first is what comes. */
const NAMES = { type: "alertTypeId", time: "alertTime", name: ["alarmTypeName", "alertTypeName"] } as const;

/** One item of `alarm.list` (reference §2.8). */
export const parseAlarm = parserOf("alarm", (item) => readPlatformAlarm(item, NAMES, "poll"));
