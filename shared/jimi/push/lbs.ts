import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { readInteger, readText } from "../values.ts";
import { parserOf, readObject, rowAt } from "./item.ts";

/** `/pushlbs` (reference §3.4): cells in a JSON text of their own, which has no coordinates. */
export const parseLbs = parserOf("pushlbs", (item) => {
  const { fields, arrival } = item;
  const time = readEventTime("gateTime", fields.gateTime, arrival);
  if ("reason" in time) return { rejection: time };
  const heard = readObject(fields.lbsJson) ?? {};
  const reading = {
    ...rowAt(item, toIso(time.ms)),
    postType: readText(fields.postType),
    mcc: readInteger(heard.mcc, 0, 9_999),
    mnc: readInteger(heard.mnc, 0, 9_999),
    cells: readText(heard.cellList),
  };
  return { facts: { lbsReadings: [reading] } };
});
