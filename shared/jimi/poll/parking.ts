import type { ParkingRow } from "../../records.ts";
import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { parserOf, readPlace, rowAt } from "../push/item.ts";
import { readFlag, readInteger, readText } from "../values.ts";

/** A device may lie in a yard for years. */
const LONGEST_STAY_S = 10 * 366 * 24 * 3600;

/**
 * One row of `report.parking` (reference §2.8): a stay, `durSecond` long, without an end while it lasts.
 * @param asked What was asked for, where the row does not say whether the ignition was on.
 */
function parserFor(kind: "parking" | "idling", asked: ParkingRow["acc"]) {
  return parserOf(kind, (item) => {
    const { fields, arrival } = item;
    const start = readEventTime("startTime", fields.startTime, arrival);
    if ("reason" in start) return { rejection: start };
    const { endTime } = fields;
    const lasts = endTime === null || endTime === undefined || endTime === "";
    const end = lasts ? null : readEventTime("endTime", endTime, arrival);
    if (end !== null && "reason" in end) return { rejection: end };
    if (end !== null && end.ms < start.ms) {
      return { rejection: { reason: "time_out_of_range", detail: "The stay ends before it begins" } };
    }
    const ignition = readFlag(fields.acc);
    const acc = ignition === null ? asked : ignition ? "on" : "off";
    const row: ParkingRow = {
      ...rowAt(item, toIso(start.ms), acc),
      acc,
      endAt: end === null ? null : toIso(end.ms),
      durationS: readInteger(fields.durSecond, 0, LONGEST_STAY_S),
      ...readPlace(fields.lat, fields.lng),
      address: readText(fields.addr),
      source: "poll",
    };
    return { facts: { parkingEvents: [row] } };
  });
}

/** A stay with the ignition off. */
export const parseParking = parserFor("parking", "off");

/** A stay with the ignition on. */
export const parseIdling = parserFor("idling", "on");
