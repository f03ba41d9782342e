import { readText } from "../values.ts";
import { deviceEvent, type EventDetails } from "./device-event.ts";
import {
  type Fields,
  isTooDeep,
  type PushItem,
  type PushParser,
  parserOf,
  readAlias,
  readMoment,
  readObject,
  readPlace,
  readPushImei,
  receiptOf,
  tooDeep,
} from "./item.ts";
import type { PushKind } from "./kinds.ts";

/** The names under which a kind of item may say something. */
interface Names {
  times: readonly string[];
  texts: Partial<Record<Exclude<keyof EventDetails, "lat" | "lng">, readonly string[]>>;
  /** Where its fields are, if not at the top. */
  container?: string;
}

const GATE: readonly string[] = ["gateTime"];

/** Kinds that become device events as they are: the fields of reference §3.4, none of them certain. */
export const GENERIC = {
  pushfileupload: {
    times: GATE,
    texts: { fileNames: ["fileName"], outcome: ["result"], channel: ["channel"] },
  },
  pushftpfileupload: {
    times: GATE,
    texts: {
      fileNames: ["fileName"],
      outcome: ["result"],
      channel: ["channel"],
      instructionId: ["instructionID"],
    },
  },
  pushresourcelist: { times: GATE, texts: { instructionId: ["instructionID"], outcome: ["totalNum"] } },
  pushiothubevent: { times: GATE, texts: { eventType: ["eventType"], content: ["eventContent"] } },
  pushterminaltransinfo: { times: ["postTime"], texts: { channel: ["extensionId"], content: ["content"] } },
  pushinstructresponse: {
    times: GATE,
    container: "data",
    texts: { instructionId: ["_serverFlagId"], outcome: ["_code"], content: ["_msg"] },
  },
  rfid: { times: ["gateTime", "operationTime"], texts: { card: ["rfid", "cardId", "cardNo"] } },
  wgtc: { times: GATE, texts: { content: ["content", "data"] } },
  pushpassthroughdata: { times: GATE, texts: { eventType: ["type"], content: ["content", "data"] } },
  pushfilecontent: { times: GATE, texts: { content: ["content", "fileContent"] } },
  pushextendedkks: { times: GATE, texts: { content: ["content"] } },
  generalbusiness: { times: GATE, texts: { mac: ["mac"], content: ["content"] } },
  uploadcallback: {
    times: ["alarmTime"],
    texts: {
      eventType: ["businessType"],
      fileNames: ["filename"],
      channel: ["camera"],
      instructionId: ["instructionId"],
    },
  },
  open_instruction: { times: GATE, texts: { content: ["raw_data"] } },
} satisfies Partial<Record<PushKind, Names>>;

/** A parser for one of these kinds. */
export function genericParser(kind: keyof typeof GENERIC): PushParser {
  const names: Names = GENERIC[kind];
  return parserOf(kind, (item) => {
    const fields = names.container
      ? { ...item.fields, ...readObject(item.fields[names.container]) }
      : item.fields;
    const moment = readMoment(fields, names.times, item.arrival);
    if ("reason" in moment) return { rejection: moment };
    return { facts: { deviceEvents: [deviceEvent(item, moment, readDetails(fields, names.texts))] } };
  });
}

function readDetails(fields: Fields, texts: Names["texts"]): EventDetails {
  const details: EventDetails = readPlace(fields.lat, fields.lng);
  for (const [name, aliases] of Object.entries(texts) as [keyof Names["texts"], readonly string[]][]) {
    details[name] = readAlias(fields, aliases, readText);
  }
  return details;
}

/** Names that other kinds give to times. What lies under them here is a guess. */
const OTHER_TIMES = ["gateTime", "gpsTime", "alarmTime", "postTime", "eventTime", "time"];

/** What nobody knows: kept whatever it is, with the device and the time where it seems to name them. */
export const parseOther: PushParser = (fields, arrival) => {
  const imei = readPushImei(fields);
  if (imei !== null) return parseNamed(fields, arrival);
  if (isTooDeep(fields)) return { imei, rejection: tooDeep };
  return { imei: null, facts: otherFacts({ kind: "push_other", imei: "", fields, arrival }) };
};

const parseNamed = parserOf("push_other", (item) => ({ facts: otherFacts(item) }));

function otherFacts(item: PushItem) {
  const { fields, arrival } = item;
  const said = readMoment(fields, OTHER_TIMES, arrival);
  const moment = "reason" in said ? receiptOf(arrival) : said;
  const eventType = readText(arrival.msgType) ?? readText(fields.msgType);
  // Its path and its name are all that tells apart what looks the same.
  const more = [arrival.path ?? "", eventType ?? ""];
  return { deviceEvents: [deviceEvent(item, moment, { eventType }, ...more)] };
}
