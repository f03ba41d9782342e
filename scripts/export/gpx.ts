import { XMLBuilder } from "fast-xml-parser";
import type { Batch, Value } from "./copied.ts";
import { isoInstant } from "./forms.ts";
import { type Leg, legsOf, type Names, TRACK } from "./track.ts";

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="tracksolid-edge" xmlns="http://www.topografix.com/GPX/1/1">
`;

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });

/** What no XML 1.0 may have, not even escaped. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A track of each vehicle and day, a segment of each leg (GPX 1.1). */
export async function* gpxOf(batches: AsyncIterable<Batch>, names: Names) {
  yield HEAD;
  let open: { imei: string; day: string } | undefined;
  for await (const leg of legsOf(batches)) {
    if (open?.imei !== leg.imei || open.day !== leg.day) {
      yield `${open ? "</trk>\n" : ""}<trk>${builder.build(headOf(leg, names))}\n`;
      open = leg;
    }
    yield `${builder.build(segmentOf(leg))}\n`;
  }
  yield open ? "</trk>\n</gpx>\n" : "</gpx>\n";
}

function headOf({ imei, day }: Leg, names: Names) {
  const { name, plate } = names.get(imei) ?? {};
  const title = `${name || plate || imei} ${day}`.replace(FORBIDDEN, "\uFFFD");
  return { name: title, desc: `IMEI ${imei}` };
}

/** XML knows no exponents. A few metres from the equator Postgres writes 5e-05. */
const decimal = (text: Value | undefined) => (text?.includes("e") ? Number(text).toFixed(12) : text);

const segmentOf = ({ fixes }: Leg) => ({
  trkseg: {
    trkpt: fixes.map((fix) => ({
      "@lat": decimal(fix[TRACK.lat]),
      "@lon": decimal(fix[TRACK.lng]),
      // Where nobody told the altitude there is no element, and no zero.
      ...(fix[TRACK.altitude_m] == null ? {} : { ele: decimal(fix[TRACK.altitude_m]) }),
      time: isoInstant(fix[TRACK.gps_time] ?? ""),
    })),
  },
});
