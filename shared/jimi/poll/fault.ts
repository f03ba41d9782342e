import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { readFaultCodes } from "../push/faults.ts";
import { parserOf, rowOf } from "../push/item.ts";
import { readText } from "../values.ts";

/** One item of `obd.fault` (reference §2.9): as a rule one trouble code, with what it means. */
export const parseFault = parserOf("obd_fault", (item) => {
  const { fields, arrival } = item;
  const codes = readFaultCodes(fields);
  if (codes === null) return { rejection: { reason: "record_malformed", detail: "faultCode is missing" } };
  const time = readEventTime("eventTime", fields.eventTime, arrival);
  if ("reason" in time) return { rejection: time };
  const moment = { at: toIso(time.ms), undated: false };
  const faultDetail = readText(fields.faultDetail);
  const row = rowOf(item, moment);
  const faultCodes = codes.map((faultCode) => {
    // Items tell the name of the device: renamed, it has the same faults.
    const { key, hash } = rowOf({ ...item, fields: { faultCode } }, moment);
    return { ...row, key, hash, faultCode, faultDetail, source: "poll" as const };
  });
  return { facts: { faultCodes } };
});
