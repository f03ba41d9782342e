import { arrivals } from "../../fleet/arrivals.ts";
import { holeAt } from "../../fleet/holes.ts";
import { positionAt } from "../../fleet/position.ts";
import { fixesBetween } from "../../fleet/reports.ts";
import { factOf, gateTime, hubKind, isoTime, ownTime } from "../message.ts";

/** `/pushgps` (reference §3.4): every fix that is not hidden, when it arrives. */
export const gps = hubKind("pushgps", (device, span) => {
  const { vehicle, clockOffsetS } = device;
  return arrivals(vehicle, span, ({ fromS, toS }) =>
    fixesBetween(vehicle, fromS, toS - 1)
      .filter((fixS) => holeAt(vehicle, fixS, "platform") === undefined)
      .map((fixS) => ({ takenS: fixS })),
  ).map(({ takenS, arrivedS, stored }) => {
    const at = positionAt(vehicle, takenS);
    return {
      arrivedS,
      item: {
        deviceImei: vehicle.imei,
        gpsTime: ownTime(device, takenS),
        gateTime: gateTime(arrivedS),
        satelliteNum: at.satellites,
        lng: at.lng,
        lat: at.lat,
        gpsMode: stored ? 1 : 0,
        gpsSpeed: at.speedKmh,
        direction: at.headingDeg,
        acc: at.ignition ? 1 : 0,
        postType: 1,
        altitude: at.altitudeM,
        distance: at.odometerM,
        status: at.ignition ? 262_147 : 262_146,
      },
      list: "gps",
      fact: {
        ...factOf(device),
        gpsTime: isoTime(takenS + clockOffsetS),
        gateTime: isoTime(arrivedS),
        ...at,
        late: stored,
      },
    };
  });
});
