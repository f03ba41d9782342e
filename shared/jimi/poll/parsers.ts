import { parseAccount, parseGroup } from "../account-item.ts";
import { parseDetailedDevice, parseListedDevice } from "../device-item.ts";
import { parseLocationItem } from "../location-item.ts";
import type { PushParser } from "../push/item.ts";
import { parseAlarm } from "./alarm.ts";
import { parseFault } from "./fault.ts";
import type { PollKind } from "./kinds.ts";
import { parseObd } from "./obd.ts";
import { parseIdling, parseParking } from "./parking.ts";
import { parseTrackPoint } from "./track-point.ts";
import { parseTrip } from "./trip.ts";

/** One parser per kind. A kind without one cannot be added: the record is total. */
export const POLL_PARSERS: Record<PollKind, PushParser> = {
  location: parseLocationItem,
  device: parseListedDevice,
  device_detail: parseDetailedDevice,
  account: parseAccount,
  group: parseGroup,
  trip: parseTrip,
  parking: parseParking,
  idling: parseIdling,
  alarm: parseAlarm,
  track_point: parseTrackPoint,
  obd: parseObd,
  obd_fault: parseFault,
};
