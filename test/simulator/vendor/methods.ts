import type { Method } from "./method.ts";
import { alarmList } from "./methods/alarm-list.ts";
import { childList } from "./methods/child-list.ts";
import { deviceDetail } from "./methods/device-detail.ts";
import { deviceList } from "./methods/device-list.ts";
import { groupList } from "./methods/group-list.ts";
import { locationGet } from "./methods/location-get.ts";
import { locationList } from "./methods/location-list.ts";
import { obdFault, obdList } from "./methods/obd.ts";
import { parkingReport } from "./methods/parking-report.ts";
import { tokenGet } from "./methods/token-get.ts";
import { tokenRefresh } from "./methods/token-refresh.ts";
import { trackList } from "./methods/track-list.ts";
import { trackMileage } from "./methods/track-mileage.ts";

/** Every method the simulator answers, by its exact name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [
    tokenGet,
    tokenRefresh,
    childList,
    deviceList,
    deviceDetail,
    locationList,
    locationGet,
    trackList,
    trackMileage,
    parkingReport,
    alarmList,
    groupList,
    obdList,
    obdFault,
  ].map((method) => [method.name, method]),
);
