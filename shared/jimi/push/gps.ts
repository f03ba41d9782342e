import { readEventTime } from "../event-time.ts";
import { readFlag, readHeading, readInteger, readNumber, readText, readWithin } from "../values.ts";
import { contactOf } from "./contact.ts";
import { readFix, readPosType } from "./fix.ts";
import { type PushItem, parserOf, type Told } from "./item.ts";

const LIVE = 0;
const RETRANSMITTED = 1;

/** `/pushgps` (reference §3.4): a fix, and, unless the device had it stored, that the device is there now. */
export const parsePushGps = parserOf("pushgps", (item) => {
  const { imei, fields, arrival } = item;
  const mode = readNumber(fields.gpsMode);
  const metres = readWithin(fields.distance, 0, 10_000_000_000);
  const contact = mode === LIVE ? readContact(item) : {};
  const fix = readFix(
    "push",
    imei,
    fields,
    {
      speedKmh: readWithin(fields.gpsSpeed, 0, 1_000),
      headingDeg: readHeading(fields.direction),
      altitudeM: readWithin(fields.altitude, -1_000, 20_000),
      satellites: readInteger(fields.satelliteNum, 0, 1_000),
      posType: readPosType(fields.postType),
      ignition: readFlag(fields.acc),
      odometerKm: metres === null ? null : metres / 1_000,
      retransmitted: mode === null ? null : mode === RETRANSMITTED,
    },
    arrival,
  );
  return { ...contact, ...fix };
});

function readContact(item: PushItem): Told {
  const { gateTime, acc, temperature } = item.fields;
  if (readText(gateTime) === null) return {};
  const time = readEventTime("gateTime", gateTime, item.arrival);
  if ("reason" in time) return { rejection: time };
  const said = {
    online: true,
    ignition: readFlag(acc),
    temperatureC: readWithin(temperature, -273, 1_000),
  };
  return { contact: contactOf(item, time.ms, said) };
}
