import type { OffsetOf } from "../../shared/tickets/fields.ts";
import { noZone } from "../database/time-zone.ts";

const HOUR_MS = 3_600_000;

/** Offsets of a zone. @throws for a zone that is none */
export function offsetsOf(zone: string): OffsetOf {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    throw new Error(noZone(zone));
  }
  const at = (ms: number) => {
    const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
    return sign === "-" ? -offset : offset;
  };
  const known = new Map<number, number>();
  return (localMs) => {
    const hour = Math.floor(localMs / HOUR_MS);
    // Taken for UTC it is at most a day off; the second reading is right but for the hour that clocks skip.
    const offset = known.get(hour) ?? at(hour * HOUR_MS - at(hour * HOUR_MS));
    known.set(hour, offset);
    return offset;
  };
}
