import { arrivals } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { drivesEndedIn, turnsIn } from "../../fleet/happenings.ts";
import { positionAt } from "../../fleet/position.ts";
import { DRAW, dice } from "../../fleet/random.ts";
import { segmentAt } from "../../fleet/timeline.ts";
import { factOf, gateTime, hubKind, isoTime } from "../message.ts";

const READING_EVERY_S = 60;
const FAULT_CHANCE = 0.1;

/** `/pushobd`: readings while the engine runs, as JSON text inside the item (reference §3.4). */
export const obd = hubKind("pushobd", (device, span) => {
  const { vehicle } = device;
  if (!equipmentOf(vehicle).obd) return [];
  return arrivals(vehicle, span, (taken) =>
    turnsIn(vehicle, taken, READING_EVERY_S).filter(
      ({ takenS }) => segmentAt(vehicle, takenS).kind !== "parked",
    ),
  ).map(({ takenS, arrivedS }) => {
    const { speedKmh, odometerM } = positionAt(vehicle, takenS);
    const reading = {
      rpm: 800 + 21 * speedKmh,
      vehicleSpeed: speedKmh,
      coolantTemp: 74 + Math.floor(16 * dice(vehicle.seed, DRAW.push, takenS)),
      batteryVoltage: 13.8,
      fuelLevel: 95 - (Math.floor(odometerM / 5000) % 80),
      totalMileage: Math.floor(odometerM / 1000),
    };
    return {
      arrivedS,
      item: { deviceImei: vehicle.imei, gateTime: gateTime(arrivedS), obdJson: JSON.stringify(reading) },
      list: "obd",
      fact: {
        ...factOf(device),
        gateTime: isoTime(arrivedS),
        rpm: reading.rpm,
        speedKmh,
        coolantC: reading.coolantTemp,
        batteryV: reading.batteryVoltage,
        fuelPercent: reading.fuelLevel,
        odometerKm: reading.totalMileage,
      },
    };
  });
});

/** `/pushfaultinfo`: after some drives, the codes as one separated text. */
export const faults = hubKind("pushfaultinfo", (device, span) => {
  const { vehicle } = device;
  if (!equipmentOf(vehicle).obd) return [];
  return arrivals(vehicle, span, (taken) =>
    drivesEndedIn(vehicle, taken)
      .filter(({ seed }) => dice(seed, DRAW.push, 7) < FAULT_CHANCE)
      .map(({ endS, seed }) => ({ takenS: endS, codes: seed % 2 === 0 ? ["P0301", "P0420"] : ["P0171"] })),
  ).map(({ arrivedS, codes }) => ({
    arrivedS,
    item: { deviceImei: vehicle.imei, gateTime: gateTime(arrivedS), faultCode: codes.join(",") },
    list: "faults",
    fact: { ...factOf(device), gateTime: isoTime(arrivedS), codes },
  }));
});
