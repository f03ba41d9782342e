import { parsePushAlarm } from "./alarm.ts";
import { parsePushEvent } from "./event.ts";
import { parseFaultInfo } from "./faults.ts";
import { genericParser, parseOther } from "./generic.ts";
import { parsePushGps } from "./gps.ts";
import { parseHeartbeat } from "./heartbeat.ts";
import type { PushParser } from "./item.ts";
import type { PushKind } from "./kinds.ts";
import { parseLbs } from "./lbs.ts";
import { parseObd } from "./obd.ts";
import { parseOpenAlarm } from "./open-alarm.ts";
import { parseOil, parseTemperature } from "./sensors.ts";
import { parseTag } from "./tag.ts";
import { parseTripReport } from "./trip.ts";

/** One parser per kind of push. A kind without one cannot be added: the record is total. */
export const PUSH_PARSERS: Record<PushKind, PushParser> = {
  pushevent: parsePushEvent,
  pushhb: parseHeartbeat,
  pushgps: parsePushGps,
  pushalarm: parsePushAlarm,
  pushobd: parseObd,
  pushfaultinfo: parseFaultInfo,
  pushtripreport: parseTripReport,
  pushoil: parseOil,
  pushtem: parseTemperature,
  pushlbs: parseLbs,
  pushfileupload: genericParser("pushfileupload"),
  pushftpfileupload: genericParser("pushftpfileupload"),
  pushresourcelist: genericParser("pushresourcelist"),
  pushiothubevent: genericParser("pushiothubevent"),
  pushterminaltransinfo: genericParser("pushterminaltransinfo"),
  pushinstructresponse: genericParser("pushinstructresponse"),
  rfid: genericParser("rfid"),
  wgtc: genericParser("wgtc"),
  pushpassthroughdata: genericParser("pushpassthroughdata"),
  pushfilecontent: genericParser("pushfilecontent"),
  pushextendedkks: genericParser("pushextendedkks"),
  generalbusiness: genericParser("generalbusiness"),
  uploadcallback: genericParser("uploadcallback"),
  open_alarm: parseOpenAlarm,
  open_instruction: genericParser("open_instruction"),
  tag: parseTag,
  push_other: parseOther,
};
