import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { parserOf, rowOf } from "../push/item.ts";
import { readObdValues } from "../push/obd.ts";

/**
 * One item of `obd.list` (reference §2.9). Its content is not that of the push that told the same, so their hashes
 * differ: the statement of the table lets them meet by device and time.
 */
export const parseObd = parserOf("obd", (item) => {
  const time = readEventTime("dataReportTime", item.fields.dataReportTime, item.arrival);
  // Without a time of its own each poll would make another row of it.
  if ("reason" in time) return { rejection: time };
  const row = rowOf(item, { at: toIso(time.ms), undated: false });
  return { facts: { obdReadings: [{ ...row, ...readObdValues(item.fields), source: "poll" }] } };
});
