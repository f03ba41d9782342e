import { readPlatformAlarm } from "../platform-alarm.ts";
import { parserOf } from "./item.ts";

const NAMES = { type: "alarmType", time: "alarmTime", name: ["alarmName"] } as const;

/** `jimi.push.device.alarm` of the Open API (reference §3.2). */
export const parseOpenAlarm = parserOf("open_alarm", (item) => readPlatformAlarm(item, NAMES, "push"));
