import { type AlarmRow, FIX_SOURCES, type Rejection } from "../../records.ts";
import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { readInteger, readText, readTimeMs, readWithin } from "../values.ts";
import { alarmCode } from "./alarm-code.ts";
import { deviceEvent } from "./device-event.ts";
import {
  type Fields,
  type PushItem,
  parserOf,
  readAlias,
  readMoment,
  readObject,
  readPlace,
  rowAt,
  type Told,
} from "./item.ts";

/** In place of a code: the alarm is over, and its code is under the same name (reference §4, quirk 35). */
const REMOVAL = "removeAlarmType";

/** `/pushalarm` (reference §3.4): the start or the end of an alarm, or a new SIM or VIN. */
export const parsePushAlarm = parserOf("pushalarm", (item) => {
  const type = readText(item.fields.type)?.toUpperCase();
  if (type === "ICCID" || type === "VIN") return readIdentity(item, type);
  return readAlarm(item);
});

function readAlarm(item: PushItem): Told {
  const { fields } = item;
  const msg = readObject(fields.msg) ?? {};
  const ended = readText(msg.alertType) === REMOVAL;
  const type = ended ? msg[REMOVAL] : msg.alertType;
  const msgClass = readInteger(fields.msgClass, 0, 99);
  const code = alarmCode(type, msg.alarmType, msgClass);
  if (code === null) return { rejection: { reason: "record_malformed", detail: "msg has no alertType" } };
  const time = readAlarmTime(msg, item);
  if ("reason" in time) return { rejection: time };
  const identity = {
    ...rowAt(item, toIso(time.ms)),
    code,
    fenceId: readText(msg.fenceId) ?? "",
    source: "push" as const,
  };
  if (ended) return { facts: { alarmEnds: [identity] } };
  const alarm: AlarmRow = {
    ...identity,
    alarmType: readText(type) ?? code,
    alarmName: null,
    ...readPlace(msg.lat, msg.lng),
    speedKmh: readWithin(msg.gpsSpeed, 0, 1_000) ?? readWithin(msg.carSpeed, 0, 1_000),
    msgClass,
    level: readInteger(msg.alarmLevel, 0, 99),
    alertValue: readText(msg.alertValue),
    fileNames: readText(msg.file),
    sources: FIX_SOURCES.push,
  };
  return { facts: { alarms: [alarm] } };
}

/** Its own time, else that of its fix, else that of the gateway. */
function readAlarmTime(msg: Fields, { fields, arrival }: PushItem): { ms: number } | Rejection {
  const times = { alarmTime: msg.alarmTime, gpsTime: msg.gpsTime, gateTime: fields.gateTime };
  const [name, value] = Object.entries(times).find(([, said]) => readTimeMs(said) !== null) ?? [
    "alarmTime",
    msg.alarmTime,
  ];
  return readEventTime(name, value, arrival);
}

/** A new SIM card or VIN. The inner key is not documented: any spelling of it will do, here or in `msg`. */
function readIdentity(item: PushItem, type: "ICCID" | "VIN"): Told {
  const { fields, arrival } = item;
  const moment = readMoment(fields, ["gateTime"], arrival);
  if ("reason" in moment) return { rejection: moment };
  const name = type.toLowerCase();
  const inner = { ...fields, ...readObject(fields.msg) };
  const spellings = Object.keys(inner).filter((key) => [name, `new${name}`].includes(key.toLowerCase()));
  const value = readAlias(inner, spellings, readIdentifier) ?? readIdentifier(fields.msg);
  return {
    ...(value !== null && { device: type === "ICCID" ? { iccid: value } : { vin: value } }),
    facts: { deviceEvents: [deviceEvent(item, moment, { eventType: type, content: value })] },
  };
}

/** Digits and letters: a number would have lost its last digits, of 19 or 20. */
function readIdentifier(value: unknown): string | null {
  const text = typeof value === "string" ? readText(value) : null;
  return text !== null && /^[0-9A-Za-z]{5,30}$/.test(text) ? text : null;
}
