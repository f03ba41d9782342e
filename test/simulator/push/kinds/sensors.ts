import { arrivals } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { turnsIn } from "../../fleet/happenings.ts";
import { positionAt } from "../../fleet/position.ts";
import { DRAW, dice } from "../../fleet/random.ts";
import { segmentAt } from "../../fleet/timeline.ts";
import { factOf, gateTime, hubKind, isoTime } from "../message.ts";

const READING_EVERY_S = 300;

/** `/pushoil`: the tank's level while the engine runs; `unit` is a number nobody explains. */
export const oil = hubKind("pushoil", (device, span) => {
  const { vehicle } = device;
  if (!equipmentOf(vehicle).fuelSensor) return [];
  return arrivals(vehicle, span, (taken) =>
    turnsIn(vehicle, taken, READING_EVERY_S).filter(
      ({ takenS }) => segmentAt(vehicle, takenS).kind !== "parked",
    ),
  ).map(({ takenS, arrivedS }) => {
    const level = Math.round(600 - ((positionAt(vehicle, takenS).odometerM / 1000) % 400)) / 10;
    return {
      arrivedS,
      item: { deviceImei: vehicle.imei, gateTime: gateTime(arrivedS), oil: level, unit: 1 },
      list: "oil",
      fact: { ...factOf(device), gateTime: isoTime(arrivedS), level, unit: 1 },
    };
  });
});

/** `/pushtem`: temperature and humidity of the load, day and night. */
export const temperatures = hubKind("pushtem", (device, span) => {
  const { vehicle } = device;
  if (!equipmentOf(vehicle).thermometer) return [];
  return arrivals(vehicle, span, (taken) => turnsIn(vehicle, taken, READING_EVERY_S)).map(
    ({ takenS, arrivedS }) => {
      const temperatureC = Math.round(20 + 60 * dice(vehicle.seed, DRAW.push, takenS)) / 10;
      const humidityPercent = 50 + Math.floor(30 * dice(vehicle.seed, DRAW.push, takenS, 1));
      return {
        arrivedS,
        item: {
          deviceImei: vehicle.imei,
          gateTime: gateTime(arrivedS),
          temperature: temperatureC,
          humidity: humidityPercent,
        },
        list: "temperatures",
        fact: { ...factOf(device), gateTime: isoTime(arrivedS), temperatureC, humidityPercent },
      };
    },
  );
});
