import { database, messageOf } from "../writer/deliver.ts";
import { derived } from "./run.ts";

/** Midnight in Nairobi, UTC. */
export const DAY_START_MS = Date.UTC(2026, 9, 5, 21);
export const DAY_S = 86_400;

export const vendorTime = (atS: number) =>
  new Date(DAY_START_MS + atS * 1_000).toISOString().slice(0, 19).replace("T", " ");

export interface Fix {
  atS: number;
  /** Kilometres north of where it began. */
  northKm: number;
  speedKmh: number;
  ignition: boolean;
  odometerKm?: number;
}

const placeOf = ({ atS, northKm }: Fix) => ({
  ...{ lat: -1.3 + northKm / 111.32, lng: 36.8, gpsTime: vendorTime(atS), direction: 0 },
});

/** A fix with a reading as it is polled live, one without as a point of a track. */
export const messagesOf = (imei: string, fixes: Fix[]) =>
  fixes.map((fix) => {
    const { speedKmh, ignition, odometerKm } = fix;
    if (odometerKm === undefined) {
      const accStatus = ignition ? "ON" : "OFF";
      return messageOf("track_point", [{ ...placeOf(fix), gpsSpeed: speedKmh, posType: 1, accStatus }], {
        imei,
      });
    }
    return messageOf("location", [
      {
        ...{ ...placeOf(fix), imei, speed: String(speedKmh), accStatus: ignition ? "1" : "0" },
        ...{ posType: "GPS", currentMileage: String(odometerKm), hbTime: vendorTime(fix.atS) },
      },
    ]);
  });

/** The days of a vehicle as they were computed. */
export const daysOf = (imei: string) =>
  database()`select v.*, v.day::text from reporting.vehicle_day v where imei = ${imei} order by v.day`;

/** The days of a vehicle once nothing of it is left to compute. */
export async function computed(imei: string) {
  await derived(imei);
  return daysOf(imei);
}

/** A drive of so many minutes at 60 km/h, a fix every 30 s. */
export const drive = (fromS: number, minutes: number, fromKm = 0): Fix[] =>
  Array.from({ length: minutes * 2 + 1 }, (_, step) => ({
    ...{ atS: fromS + step * 30, northKm: fromKm + step / 2, speedKmh: 60, ignition: true },
  }));
