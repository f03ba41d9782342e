import { parseJson } from "../../text.ts";
import { readText } from "../values.ts";
import { type Fields, parserOf, readAlias, readMoment, readObject, rowOf } from "./item.ts";

/** Reference §3.4: text, an array, or texts with something between. */
const CODES = ["faultCode", "faultCodes", "dtc", "faultList"] as const;
const TIMES = ["gateTime", "eventTime", "faultTime"] as const;

/** An item with more is no list of faults: its raw text has them all. */
const MOST_CODES = 100;

/** `/pushfaultinfo`: a row for each trouble code; one without a code where none can be read. */
export const parseFaultInfo = parserOf("pushfaultinfo", (item) => {
  const { fields, arrival } = item;
  const moment = readMoment(fields, TIMES, arrival);
  if ("reason" in moment) return { rejection: moment };
  const codes = readFaultCodes(fields) ?? [null];
  const faultDetail = readText(fields.faultDetail);
  const faultCodes = codes.map((faultCode) => ({
    ...rowOf(item, moment, faultCode ?? ""),
    faultCode,
    faultDetail,
    source: "push" as const,
  }));
  return { facts: { faultCodes } };
});

/** The distinct trouble codes of an item, pushed or polled; null where none can be read. */
export function readFaultCodes(fields: Fields): string[] | null {
  return readAlias(fields, CODES, readCodes);
}

function readCodes(value: unknown): string[] | null {
  const list = typeof value === "string" && value.trimStart().startsWith("[") ? parseJson(value) : value;
  const elements = Array.isArray(list) ? list : [list];
  const codes = elements.slice(0, MOST_CODES).flatMap((element) => {
    const object = readObject(element);
    const text = object ? readAlias(object, CODES, readText) : readText(element);
    return text?.split(/[\s,;|]+/) ?? [];
  });
  const distinct = [...new Set(codes.filter((code) => code !== ""))].slice(0, MOST_CODES);
  return distinct.length > 0 ? distinct : null;
}
