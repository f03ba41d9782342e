import { arrivals } from "../../fleet/arrivals.ts";
import { drivesEndedIn } from "../../fleet/happenings.ts";
import { positionAt } from "../../fleet/position.ts";
import { topSpeedKmh } from "../../fleet/top-speed.ts";
import { factOf, hubKind, isoTime, ownTime } from "../message.ts";

const LITRES_PER_KM = 0.09;

/** `/pushtripreport`: a drive has ended. `distance` is in metres (reference §4, quirk 2). */
export const trips = hubKind("pushtripreport", (device, span) => {
  const { vehicle, clockOffsetS } = device;
  if (!vehicle.model.ignitionWire) return [];
  return arrivals(vehicle, span, (taken) =>
    drivesEndedIn(vehicle, taken).map((drive) => ({ ...drive, takenS: drive.endS })),
  ).map(({ startS, endS, leg, arrivedS }) => {
    const start = positionAt(vehicle, startS);
    const end = positionAt(vehicle, endS);
    const distanceM = Math.round(leg.lengthM);
    const fuelL = Math.round((distanceM / 1000) * LITRES_PER_KM * 100) / 100;
    const maxSpeedKmh = topSpeedKmh(vehicle, startS, endS);
    return {
      arrivedS,
      item: {
        deviceImei: vehicle.imei,
        startTime: ownTime(device, startS),
        endTime: ownTime(device, endS),
        startLat: start.lat,
        startLng: start.lng,
        endLat: end.lat,
        endLng: end.lng,
        distance: distanceM,
        duration: endS - startS,
        maxSpeed: maxSpeedKmh,
        fuel: fuelL,
      },
      list: "trips",
      fact: {
        ...factOf(device),
        startTime: isoTime(startS + clockOffsetS),
        endTime: isoTime(endS + clockOffsetS),
        start: { lat: start.lat, lng: start.lng },
        end: { lat: end.lat, lng: end.lng },
        distanceM,
        durationS: endS - startS,
        maxSpeedKmh,
        fuelL,
      },
    };
  });
});
