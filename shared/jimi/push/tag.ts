import { readInteger, readText } from "../values.ts";
import { readFix } from "./fix.ts";
import { parserOf } from "./item.ts";

/** A position of a TAG device (reference §3.3): `gpsNum` is its accuracy class, there are no satellites. */
export const parseTag = parserOf("tag", ({ imei, fields, arrival }) =>
  readFix(
    "push",
    imei,
    fields,
    { posType: readText(fields.positionType), confidence: readInteger(fields.gpsNum, 1, 3) },
    arrival,
  ),
);
